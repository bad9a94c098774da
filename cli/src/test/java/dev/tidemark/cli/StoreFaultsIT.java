package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.cli.ClusterScene.Outcome;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.sandbox.StandaloneCluster;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
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

/** Stores go away, come back empty, and are slow; the job waits for them, and goes on without a restart. */
@Tag("faults")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class StoreFaultsIT {
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private static final Duration STANDSTILL = Duration.ofSeconds(8);

    /** Longer than Flink remembers a metric. */
    private static final Duration METRICS = Duration.ofSeconds(12);

    private final Sandbox sandbox = Sandbox.start();
    private ClusterScene scene;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = new ClusterScene(
                directory,
                Servers.of(sandbox),
                new PaymentsLog(3, 16_000, System.currentTimeMillis()),
                ClusterScene.NEVER_IDLE,
                // Small buffers between the tasks, so that a log of some thousand events is more than they take.
                StandaloneCluster.builder().configuration("taskmanager.memory.segment-size", "4kb"));
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
    void postgresIsAway() throws Exception {
        scene.publishAndAwaitRows(0.02);
        sandbox.postgres().stop();
        scene.publishTo(0.04);
        awaitTheEndOfTheOutage();
        sandbox.postgres().start();
        scene.publishTo(0.06);
        scene.proveAndAudit();
        assertThat(scene.failures()).isZero();
    }

    @Test
    @Order(2)
    void redisIsAwayAndComesBackEmpty() throws Exception {
        scene.publishAndAwaitRows(0.08);
        sandbox.redis().stop();
        scene.publishTo(0.1);
        awaitTheEndOfTheOutage();
        sandbox.redis().start();
        Outcome rebuilt = scene.runOnStores("rebuild-online");
        assertThat(rebuilt.exitCode()).as(rebuilt.toString()).isZero();
        // No event follows: what was not settled is not in the history, and only the job can bring it back.
        scene.proveAndAudit();
        assertThat(scene.failures()).isZero();
    }

    /** What is settled meanwhile waits in the job's state, and online rows wait for nothing. */
    @Test
    @Order(3)
    void postgresIsSlow() throws Exception {
        try (Connection connection = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "lock table history.card_activity_v1, history.merchant_activity_v1 in access exclusive mode");
            scene.publishAndAwaitOnline(0.13);
            scene.publishAndAwaitOnline(0.16);
            connection.rollback();
        }
        scene.proveAndAudit();
        assertThat(scene.failures()).isZero();
    }

    /** The log is much larger than what the job may take in; so it must leave it where it is. */
    @Test
    @Order(4)
    void redisIsAwayWhileMuchIsToBeRead() throws Exception {
        long read = quiet();
        int before = scene.log.size();
        sandbox.redis().stop();
        scene.publishTo(0.6);
        standstill(read);
        long live = scene.liveHeapBytes();
        scene.publishTo(1);
        long taken = standstill(read) - read;
        assertThat(taken)
                .as("events taken in, of %d", scene.log.size() - before)
                .isLessThan((scene.log.size() - before) / 2);
        assertThat(scene.liveHeapBytes() - live)
                .as("bytes of heap for the other half of the log")
                .isLessThan(8L << 20);
        sandbox.redis().start();
        Outcome rebuilt = scene.runOnStores("rebuild-online");
        assertThat(rebuilt.exitCode()).as(rebuilt.toString()).isZero();
        scene.proveAndAudit();
        assertThat(scene.failures()).isZero();
    }

    /** How many events the source has taken in once it is at the end of the log: Flink tells the metric some seconds late. */
    private long quiet() {
        return steady("the source is at the end", 0, METRICS, () -> true);
    }

    /** Waits until the source is held back and has not read on for some seconds, and returns how many events it has taken in. */
    private long standstill(long before) {
        return steady("the source stands still", before, STANDSTILL, scene::sourceIsHeldBack);
    }

    /** Waits until the number of events is another than before, and has stayed for so long while a condition held; and returns it. */
    private long steady(String what, long before, Duration length, Callable<Boolean> condition) {
        long[] last = {before, System.nanoTime()};
        await(what).atMost(ClusterScene.PATIENCE).until(() -> {
            long now = scene.eventsAccepted();
            if (now != last[0] || now == before || !condition.call()) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > length.toNanos();
        });
        return last[0];
    }

    private void awaitTheEndOfTheOutage() {
        await("the outage").pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).untilAsserted(() -> assertThat(
                        scene.failures())
                .isZero());
    }
}
