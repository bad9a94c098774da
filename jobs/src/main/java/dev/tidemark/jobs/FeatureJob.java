package dev.tidemark.jobs;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.kafka.ConsumerGroups;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.jobs.kafka.KafkaTopics;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.HistorySink;
import dev.tidemark.jobs.sink.OnlineSink;
import dev.tidemark.jobs.sink.RedisLoss;
import dev.tidemark.jobs.sink.StorePatience;
import dev.tidemark.jobs.view.OnlineLoss;
import dev.tidemark.jobs.view.ViewOptions;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.RedisOnlineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The pipeline between real servers: events from Kafka, rows to Postgres and Redis, refused records back to Kafka. */
public final class FeatureJob {
    /**
     * How often a checkpoint is taken if nothing is said. During one an operator does nothing else for about a tenth of a second, and
     * settled rows reach the history with the next.
     */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(15);

    private static final String NAME = "tidemark";
    private static final int HISTORY_BATCH = 5_000;
    private static final long HISTORY_DELAY = 500;
    /** A restart neither makes room on a disk nor brings a store back; it only starts from an older checkpoint each time. */
    private static final int CHECKPOINT_FAILURES = Integer.MAX_VALUE;

    private final Definitions definitions;
    private final Connections connections;
    private final KafkaSources.StartFrom startFrom;
    private final JobSettings settings;
    private final StorePatience patience;

    /** A job for all views of a set of definitions, with the usual settings. */
    public FeatureJob(Definitions definitions, Connections connections, KafkaSources.StartFrom startFrom) {
        this(definitions, connections, startFrom, JobSettings.DEFAULT, StorePatience.DEFAULT);
    }

    /** A job with settings. */
    public FeatureJob(
            Definitions definitions, Connections connections, KafkaSources.StartFrom startFrom, JobSettings settings) {
        this(definitions, connections, startFrom, settings, StorePatience.DEFAULT);
    }

    /**
     * A job that fails, and is then restarted by Flink, when a store stays away for longer than its patience.
     *
     * @param patience for each batch of rows
     */
    public FeatureJob(
            Definitions definitions,
            Connections connections,
            KafkaSources.StartFrom startFrom,
            StorePatience patience) {
        this(definitions, connections, startFrom, JobSettings.DEFAULT, patience);
    }

    private FeatureJob(
            Definitions definitions,
            Connections connections,
            KafkaSources.StartFrom startFrom,
            JobSettings settings,
            StorePatience patience) {
        this.definitions = definitions;
        this.connections = connections;
        this.startFrom = startFrom;
        this.settings = settings;
        this.patience = patience;
    }

    /**
     * Where the servers are.
     *
     * @param kafka one or more {@code host:port}, separated by commas
     * @param postgres a JDBC URL
     * @param postgresUser null if the URL says it
     * @param postgresPassword null if the URL says it, or none is needed
     * @param redis for example {@code redis://127.0.0.1:6379}
     */
    public record Connections(
            String kafka,
            String postgres,
            @Nullable String postgresUser,
            @Nullable String postgresPassword,
            String redis) {
        /**
         * Looks at the addresses without using them.
         *
         * @throws JobSetupException if that of Postgres or Redis is not one of theirs; it lists every problem
         */
        public void check() throws JobSetupException {
            List<String> problems = new ArrayList<>();
            try {
                Postgres.checkUrl(postgres);
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            try {
                // Connects only when it is used.
                RedisOnlineStore.connect(redis).close();
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            if (!problems.isEmpty()) {
                throw new JobSetupException(problems);
            }
        }

        private void pingOnlineStore() throws JobSetupException {
            try (RedisOnlineStore online = RedisOnlineStore.connect(redis)) {
                online.ping();
            } catch (OnlineStoreException e) {
                throw new JobSetupException(List.of(e.getMessage() + ". Correct --redis, or start Redis."));
            }
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Kafka at " + kafka;
        }
    }

    /** The name under which Flink lists the job. */
    public static String name() {
        return NAME;
    }

    /**
     * Looks whether the job can start, and changes nothing.
     *
     * @throws JobSetupException if a topic does not exist, the online store does not answer, a setting makes no sense, or the
     *     definitions ask for what cannot be done yet
     */
    void check() throws JobSetupException {
        checkRequest();
        new KafkaTopics(connections.kafka()).check(topics());
        // A job that runs holds back while its store is away, and so would seem to have come up.
        connections.pingOnlineStore();
    }

    /**
     * Makes sure that no job for the same views has read their topics. Where that one stopped, windows are full, and only its state knows
     * of what.
     *
     * @throws JobSetupException if one has; it says how far
     */
    void checkNothingWasRead() throws JobSetupException {
        List<String> problems = new ArrayList<>();
        KafkaTopics topics = new KafkaTopics(connections.kafka());
        for (Source source : definitions.sources()) {
            List<FeatureView> views = FeaturePipeline.viewsOf(source, definitions);
            if (!views.isEmpty()) {
                String read = topics.committed(source.topic(), ConsumerGroups.of(views)).entrySet().stream()
                        .map(partition -> partition.getKey() + ":" + partition.getValue())
                        .collect(Collectors.joining(","));
                if (!read.isEmpty()) {
                    problems.add("A job for "
                            + views.stream().map(FeatureView::id).collect(Collectors.joining(", "))
                            + " has read the topic " + source.topic() + " up to " + read + ".");
                }
            }
        }
        if (!problems.isEmpty()) {
            problems.add(
                    "Give its savepoint, with --savepoint PATH or Flink's -s PATH, to go on from there with its windows,"
                            + " or --from earliest to compute all anew. --from committed goes on from there with empty windows.");
            throw new JobSetupException(problems);
        }
    }

    private void checkRequest() throws JobSetupException {
        connections.check();
        if (!settings.problems().isEmpty()) {
            throw new JobSetupException(settings.problems());
        }
        SetupCheck.check(definitions);
    }

    private Set<String> topics() {
        return definitions.views().stream().map(view -> view.source().topic()).collect(Collectors.toSet());
    }

    /**
     * Adds the job to an environment, which the caller then executes. The history tables must exist: applying the definitions to the registry
     * makes them. Topics of dead letters are created.
     *
     * @throws JobSetupException if a topic does not exist, a setting makes no sense, or the definitions ask for what cannot be done yet;
     *     it lists every problem
     */
    public void addTo(StreamExecutionEnvironment environment) throws JobSetupException {
        checkRequest();
        Map<String, Integer> partitions = new KafkaTopics(connections.kafka()).prepare(topics());
        if (settings.checkpoints() != null) {
            environment.enableCheckpointing(settings.checkpoints().toMillis());
        }
        environment.getCheckpointConfig().setCheckpointingConsistencyMode(CheckpointingMode.EXACTLY_ONCE);
        // A checkpoint that waits for a store which is away may run out of time; the next one will do.
        environment.getCheckpointConfig().setTolerableCheckpointFailureNumber(CHECKPOINT_FAILURES);
        new FeaturePipeline(
                        definitions,
                        new KafkaSources(connections.kafka(), startFrom, partitions),
                        new Stores(),
                        new ViewOptions(true, false)
                                .correcting(settings.corrections())
                                .holding(),
                        settings.bundle())
                .addTo(environment);
    }

    /** Makes sure that an environment takes checkpoints; an interval that its configuration sets already stays. */
    static void ensureCheckpoints(StreamExecutionEnvironment environment) {
        if (environment
                .getConfiguration()
                .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .isEmpty()) {
            environment.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
        }
    }

    private final class Stores implements SinkProvider {
        private final JdbcConnectionOptions postgres = HistorySink.connection(
                connections.postgres(), connections.postgresUser(), connections.postgresPassword());

        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView view) {
            return Optional.of(
                    new OnlineSink(view, connections.redis(), postgres, OnlineSink.Batching.DEFAULT, patience));
        }

        @Override
        public Optional<OnlineLoss> onlineLoss(FeatureView view) {
            return Optional.of(new RedisLoss(view, connections.redis()));
        }

        @Override
        public Sink<RowUpdate> history(FeatureView view) {
            JdbcExecutionOptions execution = JdbcExecutionOptions.builder()
                    .withBatchSize(HISTORY_BATCH)
                    .withBatchIntervalMs(HISTORY_DELAY)
                    .build();
            return new HistorySink(view, postgres, execution, patience);
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return DeadLetterTopics.sink(connections.kafka(), source);
        }
    }
}
