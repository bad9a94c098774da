package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.sandbox.SmallDisk;
import dev.tidemark.sandbox.StandaloneCluster;
import java.nio.file.Path;
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

/** The disk of the checkpoints is full: the job goes on without, also if it has to start from an old one. */
@Tag("faults")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class CheckpointFaultsIT {
    private static final int MEGABYTES = 64;

    private SmallDisk disk;
    private ClusterScene scene;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        disk = SmallDisk.ofMegabytes(MEGABYTES);
        scene = new ClusterScene(
                directory,
                3_000,
                StandaloneCluster.builder()
                        .taskManagers(2)
                        .slotsPerTaskManager(1)
                        .configuration(
                                "execution.checkpointing.dir",
                                disk.path().toUri().toString()));
        scene.submit(2);
    }

    @AfterAll
    void stop() {
        if (scene != null) {
            scene.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    @Order(1)
    void theDiskIsFull() throws Exception {
        scene.publishAndAwaitRows(0.2);
        awaitCheckpoints("completed", 1);
        awaitFailedCheckpoints(12);
        scene.publishAndAwaitOnline(0.4);
        disk.makeRoom();
        awaitCheckpoints("completed", 2);
        assertThat(scene.failures()).as("restarts").isZero();
        scene.proveAndAudit();
    }

    /**
     * The last complete checkpoint has released rows, which a checkpoint that fails for want of room has flushed. What was settled since
     * waits in a state that is lost.
     */
    @Test
    @Order(2)
    void aTaskManagerDiesBetweenTheFlushAndTheCheckpoint() throws Exception {
        scene.publishAndAwaitRows(0.7);
        awaitFailedCheckpoints(2);
        scene.publishAndAwaitOnline(0.8);
        awaitFailedCheckpoints(2);
        int before = scene.failures();
        scene.cluster.killTaskManager(scene.busyTaskManagers().get(0));
        await("the restart").atMost(ClusterScene.PATIENCE).until(() -> scene.failures() > before);
        scene.cluster.addTaskManager();
        scene.publishAndAwaitOnline(0.9);
        disk.makeRoom();
        awaitCheckpoints("completed", 1);
        scene.publishTo(1);
        scene.proveAndAudit();
    }

    /** Fills the disk, again and again because checkpoints that are deleted make room, until some more checkpoints have failed. */
    private void awaitFailedCheckpoints(int more) throws Exception {
        long before = scene.checkpoints("failed");
        await("failed checkpoints").atMost(ClusterScene.PATIENCE).until(() -> {
            disk.fill();
            return scene.checkpoints("failed") >= before + more;
        });
    }

    private void awaitCheckpoints(String outcome, int more) throws Exception {
        long before = scene.checkpoints(outcome);
        await(outcome + " checkpoints")
                .atMost(ClusterScene.PATIENCE)
                .until(() -> scene.checkpoints(outcome) >= before + more);
    }
}
