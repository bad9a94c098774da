package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real Kafka, Postgres and Redis, and on request Flink, on free ports of 127.0.0.1. Nothing needs to be installed.
 *
 * <p>Kafka and Flink run in this process, Postgres and Redis are its children; Postgres runs under another identity if this
 * process is root's. {@link #close} stops everything and deletes its data. So does the end of this process, in an orderly manner
 * where it ends by itself, by Ctrl-C or a plain {@code kill}; and even {@code kill -9} leaves neither processes nor files. Only the
 * unpacked programs stay in the directory for temporary files, for the next start.
 *
 * <p>Thread-safe. Several sandboxes can run side by side.
 */
public final class Sandbox implements Backends {
    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final TemporaryDirectory directory;
    private final KafkaBroker kafka;
    private final PostgresServer postgres;
    private final RedisServer redis;
    private final @Nullable FlinkCluster flink;
    private final Thread hook = new Thread(this::close, "sandbox-shutdown");
    private boolean closed;

    private Sandbox(Builder builder, TemporaryDirectory directory, List<RunAs> postgresWays) {
        this.directory = directory;
        Path path = directory.path();
        kafka = new KafkaBroker(path.resolve("kafka"), builder.kafkaPartitions);
        postgres = new PostgresServer(path.resolve("postgres"), postgresWays);
        redis = new RedisServer(path.resolve("redis"));
        flink = builder.flink
                ? new FlinkCluster(path.resolve("flink"), builder.flinkSlots, builder.flinkConfiguration)
                : null;
    }

    /**
     * Starts a broker and the stores, without Flink.
     *
     * @throws SandboxException if one of them does not start; then none is left running
     */
    public static Sandbox start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String kafkaBootstrap() {
        return kafka.bootstrap();
    }

    @Override
    public String postgresJdbcUrl() {
        return postgres.jdbcUrl();
    }

    @Override
    public String postgresUser() {
        return PostgresServer.USER;
    }

    @Override
    public String postgresPassword() {
        return postgres.password();
    }

    @Override
    public String redisUri() {
        return redis.uri();
    }

    /** @throws IllegalStateException if the sandbox was built without Flink */
    public FlinkCluster flink() {
        if (flink == null) {
            throw new IllegalStateException("This sandbox has no Flink. Build it with Sandbox.builder().flink(true).");
        }
        return flink;
    }

    /** The broker, to take it away and bring it back. */
    public Part kafka() {
        return kafka;
    }

    /** The history's server, to take it away and bring it back. */
    public Part postgres() {
        return postgres;
    }

    /** The online store's server, to take it away and bring it back empty. */
    public Part redis() {
        return redis;
    }

    /** Blocks until everything is gone; whatever does not stop as it should is logged. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (flink != null) {
            logAll(Parallel.failuresOf(List.of(flink::close)));
        }
        logAll(Parallel.failuresOf(List.of(kafka::close, postgres::close, redis::close)));
        directory.close();
        forgetHook();
    }

    private void startParts() {
        List<Runnable> starts = new ArrayList<>(List.of(kafka::start, postgres::start, redis::start));
        if (flink != null) {
            starts.add(flink::start);
        }
        List<Throwable> failures = Parallel.failuresOf(starts);
        if (failures.isEmpty()) {
            return;
        }
        close();
        SandboxException problem = failures.get(0) instanceof SandboxException known
                ? known
                : new SandboxException("The sandbox does not start: " + failures.get(0), failures.get(0));
        failures.stream().skip(1).forEach(problem::addSuppressed);
        throw problem;
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The sandbox is closed by the end of the process.");
        }
    }

    private static void logAll(List<Throwable> failures) {
        failures.forEach(failure -> LOG.warn("A part of the sandbox did not stop as it should.", failure));
    }

    /** What the sandbox is to be like. The defaults are a broker and the stores without Flink. */
    public static final class Builder {
        private boolean flink;
        private int flinkSlots = 4;
        private final Map<String, String> flinkConfiguration = new TreeMap<>();
        private int kafkaPartitions = 1;
        private boolean closedByHook = true;
        private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

        private Builder() {}

        /** Whether to start a {@link FlinkCluster} too. */
        public Builder flink(boolean wanted) {
            flink = wanted;
            return this;
        }

        /**
         * How many parallel subtasks Flink can run; 4 by default.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder flinkSlots(int slots) {
            flinkSlots = positive("flinkSlots", slots);
            return this;
        }

        /** Sets one of Flink's own configuration keys, such as {@code execution.checkpointing.interval}. */
        public Builder flinkConfiguration(String key, String value) {
            flinkConfiguration.put(key, value);
            return this;
        }

        /**
         * The number of partitions of topics that a client creates without giving one; 1 by default.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder kafkaPartitions(int partitions) {
            kafkaPartitions = positive("kafkaPartitions", partitions);
            return this;
        }

        /**
         * Where the sandbox makes its own directory, which it deletes in the end; {@code java.io.tmpdir} by default. It is created
         * if it does not exist.
         */
        public Builder directory(Path parent) {
            this.parent = parent.toAbsolutePath();
            return this;
        }

        /**
         * Whether the sandbox closes itself in an orderly manner when the process ends; true by default. Who has more to do then, and
         * in a certain order, says no, and closes it in a hook of its own.
         */
        public Builder closedByHook(boolean wanted) {
            closedByHook = wanted;
            return this;
        }

        /**
         * Starts all parts at once and returns when all of them answer.
         *
         * @throws SandboxException if one of them does not start; then none is left running
         */
        public Sandbox start() {
            Sandbox sandbox = create();
            if (closedByHook) {
                try {
                    Runtime.getRuntime().addShutdownHook(sandbox.hook);
                } catch (IllegalStateException e) {
                    sandbox.close();
                    throw new SandboxException("The sandbox does not start: this process is about to end.", e);
                }
            }
            sandbox.startParts();
            return sandbox;
        }

        private Sandbox create() {
            String system = System.getProperty("os.name");
            if (!system.equals("Linux")) {
                throw new SandboxException(
                        "The sandbox has programs for Linux only, and this is %s. Run it in a Linux container."
                                .formatted(system));
            }
            try {
                List<RunAs> postgresWays = RunAs.ways();
                return new Sandbox(this, TemporaryDirectory.create(parent, "tidemark-sandbox-"), postgresWays);
            } catch (IOException e) {
                throw new SandboxException("The sandbox cannot make a directory in %s: %s".formatted(parent, e), e);
            }
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException("%s is %s, but must be at least 1.".formatted(name, value));
            }
            return value;
        }
    }
}
