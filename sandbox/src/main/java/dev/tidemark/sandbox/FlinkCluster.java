package dev.tidemark.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A Flink cluster of one TaskManager within this process: RocksDB state, incremental checkpoints into the sandbox's directory, the
 * web interface with jar upload.
 *
 * <p>Jobs see the class path of this process, so those of {@link #environment} need no jar.
 */
public final class FlinkCluster {
    private static final String NOT_STARTED = "Flink is not started yet";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Configuration configuration;
    private @Nullable MiniCluster cluster;
    private @Nullable URI restUri;

    /**
     * @param directory takes checkpoints, savepoints, RocksDB's files and uploaded jars
     * @param slots at least 1
     * @param overrides Flink's own configuration keys, stronger than what is set here
     */
    FlinkCluster(Path directory, int slots, Map<String, String> overrides) {
        configuration = configuration(directory, slots);
        overrides.forEach(configuration::setString);
    }

    synchronized void start() {
        try {
            cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                    .setConfiguration(configuration)
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(configuration.get(TaskManagerOptions.NUM_TASK_SLOTS))
                    .build());
            cluster.start();
            restUri = cluster.getRestAddress().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while starting Flink.", e);
        } catch (Exception e) {
            throw new SandboxException("Cannot start Flink: " + rootOf(e).getMessage(), e);
        }
    }

    /** Flink wraps what really happened in what it was about to do. */
    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : rootOf(cause);
    }

    private static Configuration configuration(Path directory, int slots) {
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestOptions.PORT, 0);
        configuration.set(WebOptions.SUBMIT_ENABLE, true);
        configuration.set(WebOptions.UPLOAD_DIR, directory.resolve("uploads").toString());
        configuration.set(WebOptions.TMP_DIR, directory.resolve("web").toString());
        configuration.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                directory.resolve("savepoints").toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(5));
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        return configuration;
    }

    /** The web interface and REST API, such as {@code http://127.0.0.1:40123}. */
    public URI restUri() {
        return Objects.requireNonNull(restUri, NOT_STARTED);
    }

    /**
     * A new environment whose jobs run on this cluster, with its configuration: RocksDB and a checkpoint every 5 s, unless the
     * caller configures the environment otherwise.
     */
    public StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.createRemoteEnvironment(
                restUri().getHost(), restUri().getPort(), new Configuration(configuration));
    }

    /** The cluster itself, to take a TaskManager away and start another, or to trigger checkpoints and savepoints. */
    public MiniCluster miniCluster() {
        return Objects.requireNonNull(cluster, NOT_STARTED);
    }

    /** Cancels the jobs that run and stops. */
    synchronized void close() {
        if (cluster == null) {
            return;
        }
        try {
            cluster.closeAsync().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while stopping Flink.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SandboxException("Flink did not stop as it should: " + e, e);
        }
    }
}
