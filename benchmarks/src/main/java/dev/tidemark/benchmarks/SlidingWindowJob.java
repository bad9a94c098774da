package dev.tidemark.benchmarks;

import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;

/** Flink's own sliding windows, as the DataStream API offers them, with an incremental aggregate. */
record SlidingWindowJob(Duration length) implements Contender {
    private static final TypeInformation<Tuple5<Long, Double, Double, Double, Double>> RESULT =
            Types.TUPLE(Types.LONG, Types.DOUBLE, Types.DOUBLE, Types.DOUBLE, Types.DOUBLE);
    private static final TypeInformation<Totals> TOTALS = Types.POJO(Totals.class);

    @Override
    public String label() {
        return "SlidingEventTimeWindows";
    }

    /** It works on an event at once. A watermark can take minutes to reach it, as it stands behind the events in the network's buffers. */
    @Override
    public boolean doneByResults() {
        return false;
    }

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        SingleOutputStreamOperator<Tuple5<Long, Double, Double, Double, Double>> rows = GeneratedEvents.of(
                        environment, workload, new PlainEvents(), PlainEvents.TYPE)
                .keyBy(event -> event.f0, Types.STRING)
                .window(SlidingEventTimeWindows.of(length, Views.STEP))
                .aggregate(new FiveAggregates(), TOTALS, RESULT);
        rows.sinkTo(new DiscardingSink<>());
        return rows.getTransformation();
    }

    /** What a window keeps. Public with public fields, as Flink wants it. */
    public static final class Totals {
        public long count;
        public double sum;
        public double min = Double.POSITIVE_INFINITY;
        public double max = Double.NEGATIVE_INFINITY;
    }

    private static final class FiveAggregates
            implements AggregateFunction<Tuple2<String, Double>, Totals, Tuple5<Long, Double, Double, Double, Double>> {
        private static final long serialVersionUID = 1L;

        @Override
        public Totals createAccumulator() {
            return new Totals();
        }

        @Override
        public Totals add(Tuple2<String, Double> event, Totals totals) {
            totals.count++;
            totals.sum += event.f1;
            totals.min = Math.min(totals.min, event.f1);
            totals.max = Math.max(totals.max, event.f1);
            return totals;
        }

        @Override
        public Tuple5<Long, Double, Double, Double, Double> getResult(Totals totals) {
            return Tuple5.of(totals.count, totals.sum, totals.sum / totals.count, totals.min, totals.max);
        }

        @Override
        public Totals merge(Totals a, Totals b) {
            Totals merged = new Totals();
            merged.count = a.count + b.count;
            merged.sum = a.sum + b.sum;
            merged.min = Math.min(a.min, b.min);
            merged.max = Math.max(a.max, b.max);
            return merged;
        }
    }
}
