package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.OperatorProgress;
import dev.tidemark.benchmarks.Settings;
import dev.tidemark.benchmarks.Target;
import dev.tidemark.benchmarks.Turns;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.FeaturePipeline;
import dev.tidemark.jobs.SinkProvider;
import dev.tidemark.jobs.backfill.BackfillDirectory;
import dev.tidemark.jobs.backfill.BackfillJob;
import dev.tidemark.jobs.backfill.BackfillPlan;
import dev.tidemark.jobs.backfill.BackfillPlanner;
import dev.tidemark.jobs.backfill.BackfillRange;
import dev.tidemark.jobs.backfill.LogBound;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.HistorySink;
import dev.tidemark.jobs.view.ViewOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Whole jobs on a log that is there from the start, each with empty stores. */
final class Pipelines {
    /** How long the log is; a job that is faster than that many events a second comes to its end before the time is over. */
    private static final int EVENTS_PER_SECOND = 20_000;

    /** With fewer, the log of a short run could go by in the moment between two looks at how far the job is. */
    private static final int EVENTS_AT_LEAST = 40_000;

    /** Of the log, what goes by before the rated part begins. */
    private static final int WARM_UP_SHARE = 5;

    /** So often that most settled rows of what goes by before have reached the history when the rated part begins. */
    private static final Duration CHECKPOINTS = Duration.ofSeconds(2);

    private final Settings settings;
    private final PrintStream figures;
    private final Scene scene;
    private final long events;

    private Pipelines(Settings settings, PrintStream figures, Scene scene) {
        this.settings = settings;
        this.figures = figures;
        this.scene = scene;
        this.events = Math.max(EVENTS_AT_LEAST, settings.length().toMillis() * EVENTS_PER_SECOND / 1000);
    }

    /** From Kafka into both stores, against the same job whose rows go nowhere. */
    static List<Target> sinks(Settings settings, PrintStream figures) throws Exception {
        try (Scene scene = new Scene()) {
            Pipelines pipelines = new Pipelines(settings, figures, scene);
            pipelines.fill();
            Turns.Medians medians = Turns.of(settings.pairs(), pipelines::live, pipelines::withoutStores);
            return List.of(new Target("pipeline", medians.ratio(), "0.5"));
        }
    }

    /** A backfill, against the live job that does the same. */
    static List<Target> backfill(Settings settings, PrintStream figures) throws Exception {
        try (Scene scene = new Scene()) {
            Pipelines pipelines = new Pipelines(settings, figures, scene);
            pipelines.fill();
            Turns.Medians medians = Turns.of(settings.pairs(), pipelines::refill, pipelines::live);
            return List.of(new Target("backfill", medians.ratio(), "1.5"));
        }
    }

    private void fill() {
        scene.log().fill(scene.kafka(), settings.workload(), events);
        figures.printf(
                Locale.ROOT,
                "%,d events in a log of %d partitions; %d features over 5 m, 1 h and 24 h%n",
                events,
                EventLog.PARTITIONS,
                scene.view().features().size());
    }

    private double live() throws Exception {
        FeatureJob job = new FeatureJob(scene.definitions(), scene.emptyStores(), KafkaSources.StartFrom.EARLIEST);
        try (LocalJob running = LocalJob.start(CHECKPOINTS, job::addTo)) {
            return rate("into both stores", running, running::stop);
        }
    }

    private double withoutStores() throws Exception {
        try (LocalJob running = LocalJob.start(CHECKPOINTS, this::addWithoutStores)) {
            return rate("into nothing", running, running::stop);
        }
    }

    private void addWithoutStores(StreamExecutionEnvironment environment) throws Exception {
        KafkaSources sources = new KafkaSources(
                scene.kafka(),
                KafkaSources.StartFrom.EARLIEST,
                Map.of(scene.log().topic(), EventLog.PARTITIONS));
        new FeaturePipeline(scene.definitions(), sources, new Nothing(), new ViewOptions(true, false).holding())
                .addTo(environment);
    }

    private double refill() throws Exception {
        FeatureJob.Connections stores = scene.emptyStores();
        BackfillRange range = new BackfillRange(new LogBound.Open(), new LogBound.Open(), false, false);
        BackfillPlan plan = new BackfillPlanner(scene.kafka(), scene.view()).plan(range);
        BackfillJob job = new BackfillJob(
                scene.definitions(),
                scene.view(),
                scene.kafka(),
                HistorySink.connection(stores.postgres(), null, null));
        try (LocalJob running = LocalJob.startOwn(directory -> start(job, plan, directory))) {
            return rate("backfill", running, running::awaitEnd);
        }
    }

    private static JobClient start(BackfillJob job, BackfillPlan plan, Path directory) throws Exception {
        BackfillJob.Running manner =
                new BackfillJob.Running(EventLog.PARTITIONS, CHECKPOINTS, OperatorProgress.settings());
        return job.start(plan, BackfillDirectory.open(directory), manner);
    }

    private interface Ending {
        void await() throws Exception;
    }

    /** Rates a job from the time on at which it has taken a part of the log. */
    private double rate(String label, LocalJob job, Ending ending) throws Exception {
        long before = job.awaitEvents(events / WARM_UP_SHARE);
        return Stopwatch.rate(figures, label, "events", () -> {
            long taken = job.awaitEvents(events);
            ending.await();
            return taken - before;
        });
    }

    private static final class Nothing implements SinkProvider {
        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView view) {
            return Optional.of(new DiscardingSink<>());
        }

        @Override
        public Sink<RowUpdate> history(FeatureView view) {
            return new DiscardingSink<>();
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return new DiscardingSink<>();
        }
    }
}
