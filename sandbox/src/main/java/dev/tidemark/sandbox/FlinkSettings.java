package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** The configuration of a {@link StandaloneCluster}, in the files and arguments in which Flink's programs take it. */
final class FlinkSettings {
    /** A JobManager that runs the main methods of uploaded jars needs it; the rest of what Flink's scripts open, nobody here does. */
    private static final String OPENING = "--add-opens=java.base/java.util=ALL-UNNAMED";

    private static final String LOGGING =
            """
            rootLogger.level = INFO
            rootLogger.appenderRef.console.ref = Console
            appender.console.name = Console
            appender.console.type = CONSOLE
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-40.40c - %m%n
            """;

    private final Path directory;
    private final Path conf;
    private final Map<String, String> settings;

    /** @param directory takes the configuration, checkpoints, savepoints, uploaded jars and the files of RocksDB */
    FlinkSettings(Path directory, int rpcPort, int restPort, int slots, Map<String, String> overrides) {
        this.directory = directory;
        this.conf = directory.resolve("conf");
        settings = new TreeMap<>(SMALL_AND_QUICK);
        settings.put("jobmanager.rpc.port", "" + rpcPort);
        settings.put("rest.port", "" + restPort);
        settings.put("taskmanager.numberOfTaskSlots", "" + slots);
        settings.put("io.tmp.dirs", directory.resolve("tmp").toString());
        settings.put("web.upload.dir", directory.resolve("uploads").toString());
        settings.put("execution.checkpointing.dir", uri("checkpoints"));
        settings.put("execution.checkpointing.savepoint-dir", uri("savepoints"));
        settings.putAll(overrides);
    }

    private static final Map<String, String> SMALL_AND_QUICK = Map.ofEntries(
            Map.entry("jobmanager.rpc.address", "127.0.0.1"),
            Map.entry("jobmanager.bind-host", "127.0.0.1"),
            Map.entry("taskmanager.host", "127.0.0.1"),
            Map.entry("taskmanager.bind-host", "127.0.0.1"),
            Map.entry("rest.address", "127.0.0.1"),
            Map.entry("rest.bind-address", "127.0.0.1"),
            Map.entry("web.submit.enable", "true"),
            // With fewer slots than before, after a TaskManager's death, a job goes on with those there are.
            Map.entry("jobmanager.scheduler", "adaptive"),
            Map.entry("jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout", "2 s"),
            Map.entry("heartbeat.interval", "2000"),
            Map.entry("heartbeat.timeout", "20000"),
            Map.entry("state.backend.type", "rocksdb"),
            Map.entry("execution.checkpointing.incremental", "true"),
            Map.entry("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"),
            Map.entry("jobmanager.memory.heap.size", "256m"),
            Map.entry("jobmanager.memory.jvm-metaspace.size", "256m"),
            Map.entry("taskmanager.memory.task.heap.size", "160m"),
            Map.entry("taskmanager.memory.managed.size", "96m"),
            Map.entry("taskmanager.memory.network.min", "48m"),
            Map.entry("taskmanager.memory.network.max", "48m"),
            Map.entry("taskmanager.memory.jvm-overhead.min", "96m"));

    /** Makes every JobManager find the jobs of its predecessor again. */
    void recoverFrom(int zooKeeperPort) {
        settings.put("high-availability.type", "zookeeper");
        settings.put("high-availability.zookeeper.quorum", "127.0.0.1:" + zooKeeperPort);
        settings.put("high-availability.zookeeper.client.session-timeout", "4000");
        settings.put("high-availability.storageDir", uri("recovery"));
    }

    void write() throws IOException {
        Files.createDirectories(conf);
        Files.createDirectories(directory.resolve("tmp"));
        Files.createDirectories(directory.resolve("uploads"));
        String yaml = settings.entrySet().stream()
                .map(setting -> setting.getKey() + ": '" + setting.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
        Files.writeString(conf.resolve("config.yaml"), yaml);
        Files.writeString(conf.resolve("log4j.properties"), LOGGING);
    }

    List<String> jobManager() {
        Configuration configuration = Configuration.fromMap(settings);
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        List<String> arguments = jvm(JobManagerProcessUtils.generateJvmParametersStr(memory, configuration));
        arguments.add("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
        arguments.addAll(List.of("--configDir", conf.toString()));
        arguments.addAll(words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
        return arguments;
    }

    List<String> taskManager(String id) {
        TaskExecutorProcessSpec memory =
                TaskExecutorProcessUtils.processSpecFromConfig(Configuration.fromMap(settings));
        List<String> arguments = jvm(ProcessMemoryUtils.generateJvmParametersStr(memory));
        arguments.add("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
        arguments.addAll(List.of("--configDir", conf.toString(), "-D", "taskmanager.resource-id=" + id));
        arguments.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
        return arguments;
    }

    private List<String> jvm(String memory) {
        List<String> arguments = new ArrayList<>(words(memory));
        arguments.add(OPENING);
        arguments.add("-Dlog4j.configurationFile=" + conf.resolve("log4j.properties"));
        return arguments;
    }

    private String uri(String name) {
        return directory.resolve(name).toUri().toString();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).toList();
    }
}
