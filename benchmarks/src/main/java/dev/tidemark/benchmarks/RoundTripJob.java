package dev.tidemark.benchmarks;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** The least that any keyed job with state does: it reads and writes one value of 400 bytes an event, and gives out nothing. */
final class RoundTripJob implements Contender {
    private static final TypeInformation<Tuple2<String, Double>> EVENT = Types.TUPLE(Types.STRING, Types.DOUBLE);

    @Override
    public String label() {
        return "one get and put of 400 bytes";
    }

    @Override
    public SingleOutputStreamOperator<?> addTo(StreamExecutionEnvironment environment, Workload workload) {
        SingleOutputStreamOperator<Long> nothing = GeneratedEvents.of(environment, workload, RoundTripJob::event, EVENT)
                .keyBy(event -> event.f0, Types.STRING)
                .process(new GetAndPut(), Types.LONG);
        nothing.sinkTo(new DiscardingSink<>());
        return nothing;
    }

    private static Tuple2<String, Double> event(long number, int key, long time) {
        return Tuple2.of("key-" + key, Workload.amount(number));
    }

    private static final class GetAndPut extends KeyedProcessFunction<String, Tuple2<String, Double>, Long> {
        private static final long serialVersionUID = 1L;
        private static final int BYTES = 400;

        @SuppressWarnings("NullAway.Init")
        private transient ValueState<byte[]> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext()
                    .getState(
                            new ValueStateDescriptor<>("value", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(Tuple2<String, Double> event, Context context, Collector<Long> out)
                throws Exception {
            byte[] value = state.value();
            if (value == null) {
                value = new byte[BYTES];
            }
            value[0]++;
            state.update(value);
        }
    }
}
