package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.FeaturePipeline;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.SinkProvider;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.HistorySink;
import dev.tidemark.jobs.sink.StorePatience;
import dev.tidemark.jobs.view.ViewOptions;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Computes the history of one view from its log, in this process: the live job's topology between a bounded source and the history, where its rows
 * are a repair and never take the place of the live job's.
 *
 * <p>Refused records are counted and dropped; the live job has sent them to the dead letters.
 */
public final class BackfillJob {
    /** The gauge that says how many offsets of the plan are behind. */
    public static final String OFFSETS_DONE = LogFollower.OFFSETS_DONE;

    private static final int BATCH = 10_000;
    private static final long BATCH_DELAY = 1_000;
    private static final int RESTARTS = 5;
    private static final Duration BETWEEN_RESTARTS = Duration.ofSeconds(2);
    /** A checkpoint that waits for a store which is away may run out of time; the next one will do. */
    private static final int CHECKPOINT_FAILURES = 10;

    private final Definitions definitions;
    private final FeatureView view;
    private final String kafka;
    private final JdbcConnectionOptions postgres;

    /**
     * The backfill of a view whose history table exists.
     *
     * @param definitions in which the views are that a plan names: whether a record is refused hangs on them, too
     * @param kafka one or more {@code host:port}, separated by commas
     * @param postgres as {@link HistorySink#connection} makes it
     */
    public BackfillJob(Definitions definitions, FeatureView view, String kafka, JdbcConnectionOptions postgres) {
        this.definitions = definitions;
        this.view = view;
        this.kafka = kafka;
        this.postgres = postgres;
    }

    /**
     * How a job runs.
     *
     * @param parallelism how many threads compute the view
     * @param checkpoints how often to take one
     * @param flink further settings
     */
    public record Running(int parallelism, Duration checkpoints, Configuration flink) {}

    /**
     * Starts the job, from the newest checkpoint in the directory if there is one.
     *
     * @throws JobSetupException if the view cannot be computed yet; it lists every problem
     * @throws IOException if the directory cannot be read or written
     */
    public JobClient start(BackfillPlan plan, BackfillDirectory directory, Running running)
            throws JobSetupException, IOException {
        Configuration settings = settings(directory, running);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(running.parallelism(), settings);
        environment.getCheckpointConfig().setTolerableCheckpointFailureNumber(CHECKPOINT_FAILURES);
        List<FeatureView> others = definitions.views().stream()
                .filter(other -> plan.beside().contains(other.id()))
                .toList();
        new FeaturePipeline(
                        new Definitions(List.of(view.source()), List.of(), List.of(view), List.of(), List.of()),
                        new LogSource(kafka, plan, others),
                        new History(plan),
                        new ViewOptions(false, plan.drain()))
                .addTo(environment);
        try {
            return environment.executeAsync("tidemark-backfill-" + view.id());
        } catch (Exception e) {
            throw new IOException("The backfill did not start: " + e.getMessage(), e);
        }
    }

    private static Configuration settings(BackfillDirectory directory, Running running) throws IOException {
        Configuration settings = new Configuration(running.flink());
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, running.checkpoints());
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.checkpoints().toUri().toString());
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, BETWEEN_RESTARTS);
        settings.set(CoreOptions.TMP_DIRS, directory.scratch().toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        Optional<Path> checkpoint = directory.checkpoint();
        checkpoint.ifPresent(path ->
                settings.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
        return settings;
    }

    private final class History implements SinkProvider {
        private final BackfillPlan plan;

        History(BackfillPlan plan) {
            this.plan = plan;
        }

        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView of) {
            return Optional.empty();
        }

        @Override
        public Sink<RowUpdate> history(FeatureView of) {
            JdbcExecutionOptions execution = JdbcExecutionOptions.builder()
                    .withBatchSize(BATCH)
                    .withBatchIntervalMs(BATCH_DELAY)
                    .build();
            Sink<RowUpdate> sink = new HistorySink(of, postgres, execution, StorePatience.DEFAULT, Writer.Line.REPAIR);
            return plan.writesAllRows() ? sink : new RangeSink(sink, plan.rowsFrom(), plan.rowsBefore());
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return new DiscardingSink<>();
        }
    }
}
