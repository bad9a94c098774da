package dev.tidemark.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real Flink cluster: a JobManager and any number of TaskManagers, each a process of its own, with the class path of a Flink
 * distribution and nothing of ours. What a job needs beyond that, its jar must bring.
 *
 * <p>State is in RocksDB; checkpoints, savepoints and uploaded jars are in a directory which all processes share and {@link #close}
 * deletes. Everything listens on 127.0.0.1 only. No process outlives this one, even if this one ends by {@code kill -9}.
 *
 * <p>Thread-safe, but for two threads that stop and start the same process.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final String JOB_MANAGER = "jobmanager";

    private final TemporaryDirectory directory;
    private final FlinkSettings settings;
    private final URI restUri;
    private final @Nullable FlinkProcess zooKeeper;
    private final FlinkProcess jobManager;
    private final Map<String, FlinkProcess> taskManagers = new LinkedHashMap<>();
    private final JobManagerProbe probe;
    private int started;

    private StandaloneCluster(Builder builder, TemporaryDirectory directory) throws IOException {
        this.directory = directory;
        int restPort = FreePorts.next();
        restUri = URI.create("http://127.0.0.1:" + restPort);
        settings =
                new FlinkSettings(directory.path(), FreePorts.next(), restPort, builder.slots, builder.configuration);
        probe = new JobManagerProbe(restUri);
        if (builder.highlyAvailable) {
            int port = FreePorts.next();
            settings.recoverFrom(port);
            zooKeeper = ZooKeeper.process(directory.path(), port);
        } else {
            zooKeeper = null;
        }
        settings.write();
        jobManager = new FlinkProcess(
                JOB_MANAGER, directory.path(), settings.jobManager(), () -> probe.expect(taskManagers()));
    }

    /** One JobManager and one TaskManager with two slots, unless more is asked for. */
    public static Builder builder() {
        return new Builder();
    }

    /** The REST API and web interface, such as {@code http://127.0.0.1:20123}. It stays when the JobManager is restarted. */
    public URI restUri() {
        return restUri;
    }

    /** Where the cluster keeps what is to survive its processes: {@code checkpoints}, {@code savepoints}, and the logs. */
    public Path directory() {
        return directory.path();
    }

    /**
     * Starts another TaskManager and returns when the JobManager has it.
     *
     * @return its id, for {@link #killTaskManager}; the web interface shows it too
     * @throws SandboxException if it does not start
     */
    public String addTaskManager() {
        String id = nextId();
        FlinkProcess process =
                new FlinkProcess(id, directory.path(), settings.taskManager(id), () -> probe.expect(List.of(id)));
        process.start();
        synchronized (taskManagers) {
            taskManagers.put(id, process);
        }
        return id;
    }

    /** The TaskManagers that were started and not killed, in the order of their starts. */
    public List<String> taskManagers() {
        synchronized (taskManagers) {
            return List.copyOf(taskManagers.keySet());
        }
    }

    /**
     * Ends a TaskManager's process by {@code kill -9}. It does not come back.
     *
     * @throws IllegalArgumentException if there is none with that id
     */
    public void killTaskManager(String id) {
        taskManager(id).close();
        synchronized (taskManagers) {
            taskManagers.remove(id);
        }
    }

    /**
     * Stops a TaskManager's process where it is, as a machine does that hangs: its connections stay, and it does not answer.
     *
     * @throws IllegalArgumentException if there is none with that id
     */
    public void freezeTaskManager(String id) {
        taskManager(id).freeze(true);
    }

    /**
     * Lets a frozen TaskManager go on, as though no time had passed.
     *
     * @throws IllegalArgumentException if there is none with that id
     */
    public void thawTaskManager(String id) {
        taskManager(id).freeze(false);
    }

    /**
     * The operating system's number of a process.
     *
     * @param name {@code jobmanager}, or a TaskManager's id
     * @throws IllegalArgumentException if there is none with that name
     */
    public long processId(String name) {
        return (name.equals(JOB_MANAGER) ? jobManager : taskManager(name)).processId();
    }

    /**
     * All that a process has said; it may have been killed since.
     *
     * @param name {@code jobmanager}, or a TaskManager's id
     * @throws IOException if there never was one of that name
     */
    public String logOf(String name) throws IOException {
        return Files.readString(directory.path().resolve(name + ".log"));
    }

    private FlinkProcess taskManager(String id) {
        FlinkProcess process;
        synchronized (taskManagers) {
            process = taskManagers.get(id);
        }
        if (process == null) {
            throw new IllegalArgumentException("There is no TaskManager " + id + ". There are: " + taskManagers());
        }
        return process;
    }

    /**
     * The JobManager, to take it away by {@code kill -9} and bring it back. Its jobs come back with it if the cluster was built to be
     * highly available; otherwise they are gone.
     */
    public Part jobManager() {
        return jobManager;
    }

    /**
     * Ends the JobManager's process by {@code kill -9}, starts it anew and returns when it and its TaskManagers have found each other.
     *
     * @throws SandboxException if it does not come up
     */
    public void restartJobManager() {
        jobManager.stop();
        jobManager.start();
    }

    /** The last lines of every process's log, for the message of a failed test. */
    public String lastWords() {
        Map<String, FlinkProcess> processes = new TreeMap<>();
        processes.put(JOB_MANAGER, jobManager);
        synchronized (taskManagers) {
            processes.putAll(taskManagers);
        }
        return processes.entrySet().stream()
                .map(process ->
                        "--- " + process.getKey() + "\n" + process.getValue().lastWords())
                .collect(Collectors.joining("\n"));
    }

    /** Ends all processes and deletes what they stored. A second call does nothing. */
    @Override
    public void close() {
        List<Runnable> ends = new ArrayList<>(List.of(jobManager::close));
        if (zooKeeper != null) {
            ends.add(zooKeeper::close);
        }
        synchronized (taskManagers) {
            taskManagers.values().forEach(process -> ends.add(process::close));
            taskManagers.clear();
        }
        Parallel.failuresOf(ends);
        directory.close();
    }

    private void start(int wanted) {
        List<Throwable> failures = List.of();
        try {
            if (zooKeeper != null) {
                zooKeeper.start();
            }
            jobManager.start();
            if (wanted > 0) {
                failures = Parallel.failuresOf(Collections.nCopies(wanted, this::addTaskManager));
            }
        } catch (SandboxException e) {
            failures = List.of(e);
        }
        if (!failures.isEmpty()) {
            close();
            throw new SandboxException(
                    "The Flink cluster does not start: " + failures.get(0).getMessage(), failures.get(0));
        }
    }

    private synchronized String nextId() {
        started++;
        return "taskmanager-" + started;
    }

    /** What the cluster is to be like. */
    public static final class Builder {
        private int taskManagers = 1;
        private int slots = 2;
        private boolean highlyAvailable;
        private final Map<String, String> configuration = new TreeMap<>();

        private Builder() {}

        /**
         * How many TaskManagers to start; 1 by default.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder taskManagers(int number) {
            if (number < 0) {
                throw new IllegalArgumentException("taskManagers is " + number + ", but cannot be negative.");
            }
            taskManagers = number;
            return this;
        }

        /**
         * How many parallel subtasks each TaskManager can run; 2 by default.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder slotsPerTaskManager(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("slotsPerTaskManager is " + number + ", but must be at least 1.");
            }
            slots = number;
            return this;
        }

        /** Whether a restarted JobManager goes on with the jobs of its predecessor; that takes a ZooKeeper, one more process. */
        public Builder highlyAvailable(boolean wanted) {
            highlyAvailable = wanted;
            return this;
        }

        /** Sets one of Flink's own configuration keys, such as {@code jobmanager.scheduler}; stronger than what is set here. */
        public Builder configuration(String key, String value) {
            configuration.put(key, value);
            return this;
        }

        /**
         * Starts all processes and returns when the JobManager answers and has its TaskManagers.
         *
         * @throws SandboxException if there is no distribution, or one of them does not start; then none is left running
         */
        public StandaloneCluster start() {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            FlinkDistribution.classPath();
            StandaloneCluster cluster;
            try {
                cluster = create(TemporaryDirectory.create(parent, "tidemark-flink-"));
            } catch (IOException e) {
                throw new SandboxException(
                        "The Flink cluster cannot make its directory in %s: %s".formatted(parent, e), e);
            }
            cluster.start(taskManagers);
            return cluster;
        }

        private StandaloneCluster create(TemporaryDirectory directory) throws IOException {
            try {
                return new StandaloneCluster(this, directory);
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        }
    }
}
