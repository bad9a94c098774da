package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.KeyedEvent;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * The least that any keyed job with state does: it reads and writes one value of 400 bytes an event, and gives out nothing.
 *
 * @param view whose events it gets, so that events cost the same on their way as in our job
 */
record RoundTripJob(FeatureView view) implements Contender {
    @Override
    public String label() {
        return "one get and put of 400 bytes";
    }

    @Override
    public boolean doneByResults() {
        return false;
    }

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        SingleOutputStreamOperator<Long> nothing = GeneratedEvents.of(
                        environment, workload, new KeyedEvents(view), KeyedEvent.TYPE)
                .keyBy(KeyedEvent::key, Types.STRING)
                .process(new GetAndPut(), Types.LONG);
        nothing.sinkTo(new DiscardingSink<>());
        return nothing.getTransformation();
    }

    private static final class GetAndPut extends KeyedProcessFunction<String, KeyedEvent, Long> {
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
        public void processElement(KeyedEvent event, Context context, Collector<Long> out) throws Exception {
            byte[] value = state.value();
            if (value == null) {
                value = new byte[BYTES];
            }
            value[0]++;
            state.update(value);
        }
    }
}
