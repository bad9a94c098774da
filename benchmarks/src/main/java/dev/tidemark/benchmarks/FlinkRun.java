package dev.tidemark.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
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
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * One run of one job on a cluster of its own in this process: RocksDB on a directory of its own, one thread for the source and one
 * for the measured operator, and no checkpoints unless the contender asks for them.
 */
final class FlinkRun {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FlinkRun() {}

    /**
     * Runs a job and then cancels it. A run has two parts, each of which ends when its time is over. In the first, which begins with the
     * first event that is done, the windows fill; it ends sooner when they are full. In the second, the run is rated; if the windows did
     * not fill, it is rated by the first instead.
     *
     * @param longest the event time that has to be done for the windows to be full
     * @param limit how long each part lasts at most
     */
    static Rate run(Contender contender, Workload workload, Duration longest, Duration limit) throws Exception {
        Path directory = Files.createTempDirectory("tidemark-benchmark");
        Progress progress = new Progress(contender, workload, "measured-" + UUID.randomUUID());
        try {
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(1, settings(directory));
            contender.addTo(environment, workload, progress.run()).setName(progress.run());
            JobClient job = environment.executeAsync("benchmark");
            try {
                return rate(job.getJobExecutionResult(), progress, workload.count(longest), limit);
            } finally {
                stop(job);
                progress.forget();
            }
        } finally {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
    }

    private static Rate rate(CompletableFuture<?> end, Progress progress, long filling, Duration limit)
            throws Exception {
        awaitMoreThan(0, progress, end);
        Rate before = watch(end, progress, filling, limit);
        return progress.done() < filling ? before : watch(end, progress, Long.MAX_VALUE, limit);
    }

    /** Watches a job until enough is done or the time is over; longer, if nothing is done by then. */
    private static Rate watch(CompletableFuture<?> end, Progress progress, long enough, Duration limit)
            throws Exception {
        Workload workload = progress.workload();
        long from = progress.done();
        long started = System.nanoTime();
        while (progress.done() < enough && System.nanoTime() - started < limit.toNanos()) {
            await(end);
        }
        awaitMoreThan(from, progress, end);
        long to = progress.done();
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Rate(to - from, seconds, workload.span(from), workload.span(to), enough == Long.MAX_VALUE);
    }

    private static void awaitMoreThan(long events, Progress progress, CompletableFuture<?> end) throws Exception {
        long started = System.nanoTime();
        while (progress.done() <= events) {
            await(end);
            if (System.nanoTime() - started > PATIENCE.toNanos()) {
                throw new IllegalStateException("No event was done within " + PATIENCE.toSeconds() + " s.");
            }
        }
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
        Configuration settings = OperatorProgress.settings();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256)); // For SQL's buffers.
        // So that few events, and with them the watermark, wait between the two threads.
        settings.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("4kb"));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        settings.set(CoreOptions.TMP_DIRS, directory.toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(200));
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(5));
        return settings;
    }
}
