package dev.tidemark.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A single Kafka node, broker and controller in one, within this process. */
final class KafkaBroker extends Server {
    private static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** Brokers of one process must differ in their node id, because it names their metrics. */
    private static final AtomicInteger NODES = new AtomicInteger();

    private final Path directory;
    private final int nodeId = NODES.incrementAndGet();
    private final int port = FreePorts.next();
    private final int controllerPort = FreePorts.next();
    private final int defaultPartitions;
    private @Nullable KafkaRaftServer server;

    /**
     * @param directory does not exist yet; its parent does
     * @param defaultPartitions of topics that are created without a number
     */
    KafkaBroker(Path directory, int defaultPartitions) {
        super("Kafka");
        this.directory = directory;
        this.defaultPartitions = defaultPartitions;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    void launch() throws IOException {
        if (!Files.exists(directory)) {
            format();
        }
        try {
            server = new KafkaRaftServer(new KafkaConfig(properties()), Time.SYSTEM);
            server.startup();
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    void halt() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    private void format() throws IOException {
        Files.createDirectory(directory);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(nodeId)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setControllerListenerName(CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(directory.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("its directory cannot be formatted: " + e.getMessage(), e);
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(TEMPERAMENT);
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "" + nodeId);
        properties.put("log.dirs", directory.toString());
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%s,%s://127.0.0.1:%s".formatted(port, CONTROLLER_LISTENER, controllerPort));
        properties.put("advertised.listeners", "PLAINTEXT://" + bootstrap());
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("controller.quorum.voters", "%s@127.0.0.1:%s".formatted(nodeId, controllerPort));
        properties.put("num.partitions", "" + defaultPartitions);
        return properties;
    }

    /** What makes the broker small, quick and forgiving. */
    private static final Map<String, String> TEMPERAMENT = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.segment.bytes", "67108864"),
            Map.entry("log.index.size.max.bytes", "1048576"),
            Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
            // Replayed events carry their own times, however old or new: none of them may expire or be refused.
            Map.entry("log.retention.ms", "-1"),
            Map.entry("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"),
            Map.entry("num.recovery.threads.per.data.dir", "1"));
}
