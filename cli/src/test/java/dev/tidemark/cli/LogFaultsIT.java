package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.sandbox.StandaloneCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes and comes back, and the topic grows, while the job reads. */
@Tag("faults")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class LogFaultsIT {
    private static final int PARTITIONS = 3;
    /** Between the parts of the log all partitions are idle, so that rows are settled early, and corrected. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** {@code -Dtidemark.outage=N} takes the broker away for longer. */
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("tidemark.outage", 10));

    private final Sandbox sandbox = Sandbox.start();
    private ClusterScene scene;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = new ClusterScene(
                directory,
                Servers.of(sandbox),
                new PaymentsLog(PARTITIONS + 1, 3_000, System.currentTimeMillis()),
                IDLE,
                StandaloneCluster.builder());
        scene.submit(2);
    }

    @AfterAll
    void stop() {
        if (scene != null) {
            scene.close();
        }
        sandbox.close();
    }

    @Test
    @Order(1)
    void theBrokerIsRestarted() {
        scene.publishAndAwaitRows(0.2);
        scene.publishTo(0.3);
        sandbox.kafka().stop();
        await("the outage").pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).until(() -> true);
        sandbox.kafka().start();
        scene.publishTo(0.4);
        scene.proveAndAudit();
    }

    @Test
    @Order(2)
    void aPartitionIsAdded() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", sandbox.kafkaBootstrap()))) {
            admin.createPartitions(Map.of(scene.log.topic(), NewPartitions.increaseTo(PARTITIONS + 1)))
                    .all()
                    .get();
        }
        awaitReaderOf(PARTITIONS);
        // It is empty as yet, and holds the others back no longer than any idle partition.
        scene.publishTo(0.6);
        scene.proveAndAudit();

        // Its events are older than what is settled, and on time by its own clock.
        scene.log.partitionAdded();
        scene.publishTo(0.8);
        scene.proveAndAudit();
        scene.publishTo(1);
        scene.proveAndAudit();
        assertThat(scene.failures()).isZero();
    }

    private void awaitReaderOf(int partition) {
        String line = "Discovered new partitions: [" + scene.log.topic() + "-" + partition + "]";
        await(line)
                .atMost(ClusterScene.PATIENCE)
                .until(() -> scene.cluster.logOf("jobmanager").contains(line));
    }
}
