package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.view.BundleOperator;
import dev.tidemark.jobs.view.FeatureOperator;
import dev.tidemark.jobs.view.ViewOptions;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;

/**
 * The keyed part of a Tidemark job with all that it gives: a provisional row for every event that changes one, and every settled row.
 *
 * @param label what is special about the job
 * @param bundle how long an event waits for others of its key; zero for no bundles
 * @param instances how many threads the keys are spread over
 */
record TidemarkJob(String label, FeatureView view, Duration bundle, int instances) implements Contender {
    private static final OutputTag<RowUpdate> SETTLED = new OutputTag<>("settled", RowUpdate.TYPE);
    private static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    /** One without bundles, on one thread. */
    TidemarkJob(String label, FeatureView view) {
        this(label, view, Duration.ZERO, 1);
    }

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        SingleOutputStreamOperator<EventBundle> bundles = GeneratedEvents.of(
                        environment, workload, new KeyedEvents(view), KeyedEvent.TYPE)
                .transform("bundle", EventBundle.TYPE, new BundleOperator(bundle))
                .setParallelism(1);
        SingleOutputStreamOperator<RowUpdate> rows = rows(bundles).setParallelism(instances);
        rows.sinkTo(new DiscardingSink<>()).setParallelism(instances);
        rows.getSideOutput(SETTLED)
                .sinkTo(new Results<>(run, RowUpdate::validFrom))
                .setParallelism(instances);
        rows.getSideOutput(DEAD_LETTERS).sinkTo(new DiscardingSink<>()).setParallelism(instances);
        return bundles.getTransformation();
    }

    /** The operator as a real job has it, but that it follows no wall clock, sends settled rows at once and does not look after Redis. */
    private SingleOutputStreamOperator<RowUpdate> rows(DataStream<EventBundle> bundles) {
        ViewOptions options = new ViewOptions(false, false);
        return bundles.keyBy(EventBundle::key, Types.STRING)
                .transform("view", RowUpdate.TYPE, new FeatureOperator(view, options, true, SETTLED, DEAD_LETTERS));
    }
}
