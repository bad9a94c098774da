package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.OperatorProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/** A job in this process as an operator would run it: RocksDB, a thread for each partition, incremental checkpoints. */
final class LocalJob implements AutoCloseable {
    /** The operator whose events are counted. */
    private static final String OPERATOR = "view-measured@1";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(5);

    private final Path directory;
    private final JobClient client;

    private LocalJob(Path directory, JobClient client) {
        this.directory = directory;
        this.client = client;
    }

    /** Adds a job to an environment. */
    interface Topology {
        void addTo(StreamExecutionEnvironment environment) throws Exception;
    }

    /** Starts what a topology adds, with a checkpoint at every interval. */
    static LocalJob start(Duration checkpoints, Topology topology) throws Exception {
        return startOwn(directory -> {
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(
                    EventLog.PARTITIONS, settings(checkpoints, directory));
            topology.addTo(environment);
            return environment.executeAsync("benchmark");
        });
    }

    /** Starts a job of its own kind. */
    interface Starter {
        /** @param directory for the job's files */
        JobClient start(Path directory) throws Exception;
    }

    static LocalJob startOwn(Starter starter) throws Exception {
        OperatorProgress.forget(OPERATOR);
        Path directory = Files.createTempDirectory("tidemark-benchmark");
        try {
            return new LocalJob(directory, starter.start(directory));
        } catch (Exception e) {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
            throw e;
        }
    }

    /**
     * Waits until the job has taken so many events.
     *
     * @return the number it has taken
     * @throws IllegalStateException if the job ended before, or takes none for a long time
     */
    long awaitEvents(long events) throws Exception {
        CompletableFuture<?> end = client.getJobExecutionResult();
        long last = taken();
        long since = System.nanoTime();
        while (taken() < events && !ended(end)) {
            if (taken() > last) {
                last = taken();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                break;
            }
        }
        if (taken() < events) {
            throw new IllegalStateException("The job stopped after " + taken() + " of " + events + " events.");
        }
        return taken();
    }

    /** Lets a moment pass; whether the job is at its end then. */
    private static boolean ended(CompletableFuture<?> end) throws InterruptedException, ExecutionException {
        try {
            end.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Waits until the job ends by itself. */
    void awaitEnd() throws Exception {
        client.getJobExecutionResult().get();
    }

    /** Stops the job, and waits until the stores have all that it has settled. */
    void stop() throws Exception {
        String savepoints = directory.resolve("savepoints").toUri().toString();
        client.stopWithSavepoint(false, savepoints, SavepointFormatType.NATIVE).get();
        awaitEnd();
    }

    /** How many events the job has taken. */
    static long taken() {
        return OperatorProgress.of(OPERATOR);
    }

    @Override
    public void close() throws InterruptedException {
        try {
            client.cancel().get();
            client.getJobExecutionResult().get();
        } catch (ExecutionException | IllegalStateException e) {
            // It has ended, as was wished.
        }
        FileUtils.deleteDirectoryQuietly(directory.toFile());
    }

    private static Configuration settings(Duration checkpoints, Path directory) throws IOException {
        Configuration settings = OperatorProgress.settings();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints);
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Files.createDirectories(directory.resolve("checkpoints"))
                        .toUri()
                        .toString());
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.set(CoreOptions.TMP_DIRS, directory.toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        return settings;
    }
}
