package dev.tidemark.cli;

import static org.awaitility.Awaitility.await;

import dev.tidemark.sandbox.StandaloneCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes die again and again, at random moments, and in the end both stores hold what the oracle says. */
final class ClusterFaultsIT {
    private enum Victim {
        TASK_MANAGER,
        JOB_MANAGER
    }

    /** Another seed each time; a failure tells it, and {@code -Dtidemark.seed=N} takes it again. */
    private final long seed = Long.getLong("tidemark.seed", System.nanoTime());

    private final Random random = new Random(seed);

    @TempDir
    private Path directory;

    /** In every build. */
    @Test
    void aTaskManagerAndTheJobManagerDie() throws Exception {
        dieAndProve(2_000, Victim.TASK_MANAGER, Victim.JOB_MANAGER);
    }

    @Test
    @Tag("faults")
    void oneDiesAfterTheOther() throws Exception {
        dieAndProve(
                6_000,
                Victim.TASK_MANAGER,
                Victim.TASK_MANAGER,
                Victim.JOB_MANAGER,
                Victim.TASK_MANAGER,
                Victim.TASK_MANAGER);
    }

    private void dieAndProve(int events, Victim... victims) throws Exception {
        try (ClusterScene scene = new ClusterScene(
                directory,
                events,
                StandaloneCluster.builder()
                        .taskManagers(2)
                        .slotsPerTaskManager(1)
                        .highlyAvailable(true))) {
            scene.submit(2);
            for (int death = 1; death <= victims.length; death++) {
                publishAndWaitForAMoment(scene, death * 0.9 / victims.length);
                if (victims[death - 1] == Victim.JOB_MANAGER) {
                    scene.cluster.restartJobManager();
                } else {
                    killATaskManager(scene);
                }
            }
            scene.publishTo(1);
            scene.proveAndAudit();
        } catch (AssertionError | Exception e) {
            throw new AssertionError("With the seed " + seed, e);
        }
    }

    /** A moment between the first new rows and the last ones. */
    private void publishAndWaitForAMoment(ClusterScene scene, double fraction) {
        long before = scene.rows();
        scene.publishTo(fraction);
        long more = 1 + random.nextInt(500);
        await("the job goes on").atMost(ClusterScene.PATIENCE).until(() -> scene.rows() >= before + more);
    }

    private void killATaskManager(ClusterScene scene) throws Exception {
        List<String> managers = scene.cluster.taskManagers();
        scene.cluster.killTaskManager(managers.get(random.nextInt(managers.size())));
        scene.cluster.addTaskManager();
    }
}
