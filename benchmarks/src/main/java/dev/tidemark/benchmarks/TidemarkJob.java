package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.view.FeatureOperator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;

/**
 * The keyed part of a Tidemark job with all that it gives: a provisional row for every event that changes one, and every settled row.
 *
 * @param label what is special about the view
 */
record TidemarkJob(String label, FeatureView view) implements Contender {
    private static final OutputTag<RowUpdate> SETTLED = new OutputTag<>("settled", RowUpdate.TYPE);
    private static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        SingleOutputStreamOperator<RowUpdate> rows =
                rows(GeneratedEvents.of(environment, workload, new KeyedEvents(view), KeyedEvent.TYPE)
                        .keyBy(KeyedEvent::key, Types.STRING));
        rows.sinkTo(new DiscardingSink<>());
        rows.getSideOutput(SETTLED).sinkTo(new Results<>(run, RowUpdate::validFrom));
        rows.getSideOutput(DEAD_LETTERS).sinkTo(new DiscardingSink<>());
        return rows.getTransformation();
    }

    /** The operator as a real job has it, but for the wall clock, which it does not follow. */
    private SingleOutputStreamOperator<RowUpdate> rows(KeyedStream<KeyedEvent, String> events) {
        FeatureOperator.Options options = new FeatureOperator.Options(false, false);
        return events.transform(
                "view", RowUpdate.TYPE, new FeatureOperator(view, options, true, SETTLED, DEAD_LETTERS));
    }
}
