package dev.tidemark.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One run of one job on a cluster of its own in this process: RocksDB on a directory of its own, one thread for the source and one
 * for the measured operator, no checkpoints.
 */
final class FlinkRun {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FlinkRun() {}

    /**
     * Runs a job until its operator has taken all events or the time is over, and then cancels it: what a job still does after its
     * last event does not count. The clock runs from the first event on.
     */
    static Rate run(Contender contender, Workload workload, int seconds) throws Exception {
        Path directory = Files.createTempDirectory("tidemark-benchmark");
        try {
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(1, settings(directory));
            SingleOutputStreamOperator<?> operator = contender.addTo(environment, workload);
            String name = "measured-" + UUID.randomUUID();
            operator.name(name);
            JobClient job = environment.executeAsync("benchmark");
            try {
                return measure(job, name, workload.events(), Duration.ofSeconds(seconds));
            } finally {
                stop(job);
                OperatorProgress.forget(name);
            }
        } finally {
            delete(directory);
        }
    }

    private static Rate measure(JobClient job, String operator, long events, Duration limit) throws Exception {
        CompletableFuture<?> end = job.getJobExecutionResult();
        long started = System.nanoTime();
        while (OperatorProgress.of(operator) == 0) {
            await(end);
            if (System.nanoTime() - started > PATIENCE.toNanos()) {
                throw new IllegalStateException("The job took no event within " + PATIENCE.toSeconds() + " s.");
            }
        }
        long before = OperatorProgress.of(operator);
        long first = System.nanoTime();
        do {
            await(end);
        } while (OperatorProgress.of(operator) < events && System.nanoTime() - first < limit.toNanos());
        return new Rate(OperatorProgress.of(operator) - before, (System.nanoTime() - first) / 1e9);
    }

    /** Lets a moment pass, or throws what made the job fail. */
    private static void await(CompletableFuture<?> end) throws Exception {
        try {
            end.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // It still runs, as it should.
        }
        throw new IllegalStateException("The job came to an end, though its events do not.");
    }

    private static void stop(JobClient job) throws InterruptedException {
        try {
            job.cancel().get();
        } catch (ExecutionException | IllegalStateException e) {
            return; // It has failed already, and the cluster is gone with it.
        }
        try {
            job.getJobExecutionResult().get();
        } catch (ExecutionException e) {
            // That it was cancelled.
        }
    }

    private static Configuration settings(Path directory) {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.set(CoreOptions.TMP_DIRS, directory.toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(5));
        settings.setString("metrics.reporter.progress.factory.class", OperatorProgress.class.getName());
        return settings;
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // The cluster may still be deleting the same files.
            directory.toFile().deleteOnExit();
        }
    }
}
