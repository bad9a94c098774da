package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.view.FeatureFunction;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The keyed part of a Tidemark job with all that it gives: a provisional row for every event that changes one, and every settled row.
 *
 * @param label what is special about the view
 */
record TidemarkJob(String label, FeatureView view) implements Contender {
    private static final OutputTag<RowUpdate> SETTLED = new OutputTag<>("settled", RowUpdate.TYPE);
    private static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    @Override
    public SingleOutputStreamOperator<?> addTo(StreamExecutionEnvironment environment, Workload workload) {
        FeatureFunction function =
                new FeatureFunction(view, new FeatureFunction.Options(false, false), true, SETTLED, DEAD_LETTERS);
        SingleOutputStreamOperator<RowUpdate> rows = GeneratedEvents.of(
                        environment, workload, new EventMaker(view, workload.keys()), KeyedEvent.TYPE)
                .keyBy(KeyedEvent::key, Types.STRING)
                .process(function, RowUpdate.TYPE);
        rows.sinkTo(new DiscardingSink<>());
        rows.getSideOutput(SETTLED).sinkTo(new DiscardingSink<>());
        rows.getSideOutput(DEAD_LETTERS).sinkTo(new DiscardingSink<>());
        return rows;
    }

    private static final class EventMaker implements GeneratedEvents.Maker<KeyedEvent> {
        private static final long serialVersionUID = 1L;

        private final FeatureView view;
        private final List<String> keys; // The texts of all join keys: to make them is not what is measured.
        private transient @Nullable ViewPlan plan; // Made when it is needed, for it does not travel.

        EventMaker(FeatureView view, int keyCount) {
            this.view = view;
            this.keys = IntStream.range(0, keyCount)
                    .mapToObj(key -> JoinKeys.encode(view.entity(), List.of("key-" + key)))
                    .toList();
        }

        @Override
        public KeyedEvent make(long number, int key, long time) {
            ViewPlan known = plan == null ? ViewPlan.of(view) : plan;
            plan = known;
            return new KeyedEvent(keys.get(key), time, 0, number, 0, known.encodeInputs(inputs(known, number)));
        }
    }

    /** What an event gives to a plan. */
    static Object[] inputs(ViewPlan plan, long number) {
        return plan.inputs().stream()
                .map(input -> Views.AMOUNT.equals(input.column())
                        ? (Object) Workload.amount(number)
                        : (Object) Workload.quantity(number))
                .toArray();
    }
}
