package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.cli.ClusterScene.Outcome;
import dev.tidemark.jobs.JobSettings;
import dev.tidemark.jobs.PackedDefinitions;
import dev.tidemark.sandbox.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a job on a real cluster: processes of their own, the packaged jar, and the commands of a person. */
final class ClusterIT {
    private static final JobSettings SETTINGS =
            new JobSettings(Duration.ofMillis(5), Duration.ofHours(2), Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    @Test
    void aJobIsSubmittedSurvivesADeathIsUpgradedAndStopped() throws Exception {
        try (ClusterScene scene = new ClusterScene(
                directory, 2_000, StandaloneCluster.builder().taskManagers(3).slotsPerTaskManager(1))) {
            submit(scene);
            killATaskManagerInMidFlight(scene);
            goBackFromABrokenRelease(scene);
            rescale(scene);
            goOnFromASavepoint(scene);
            scene.assertStoresAreTheOracles();
            stop(scene);
            takeOver(scene);
            letGoOfClasses(scene);
        }
    }

    private static void submit(ClusterScene scene) throws Exception {
        Outcome typo =
                scene.start("submit", "--defs", scene.definitionsOn("nowhere").toString());
        assertThat(typo.exitCode()).as(typo.toString()).isEqualTo(2);
        assertThat(typo.err()).contains("The new job could not start: ", "The topic nowhere does not exist at ");

        // The registry has nothing of that.
        String definitions = scene.definitionsDirectory().toString();
        List<String> command = new ArrayList<>(List.of("submit", "--defs", definitions, "--from", "earliest"));
        command.addAll(List.of("--parallelism", "2", "--bundle", "5ms", "--corrections", "2h"));
        Outcome submitted = scene.start(command.toArray(String[]::new));
        assertThat(submitted.exitCode())
                .as(submitted + scene.cluster.lastWords())
                .isZero();
        assertThat(submitted.out()).contains("All its tasks run, with a parallelism of 2.");
        assertThat(scene.job().setup().settings()).isEqualTo(SETTINGS);

        assertThatNobodyReadsThePassword(scene);

        Outcome again = scene.start("submit", "--defs", definitions);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err())
                .contains(scene.job().id(), "computes card_activity@1, merchant_activity@1 already", "upgrade");

        Outcome jobs = scene.run("jobs");
        assertThat(jobs.out())
                .contains(scene.job().id() + "  RUNNING")
                .contains("tidemark    card_activity@1 merchant_activity@1");
        scene.publishTo(0.3);
        scene.awaitMoreRows();
    }

    /** Whoever reaches the cluster's web interface can read all of this. */
    private static void assertThatNobodyReadsThePassword(ClusterScene scene) throws Exception {
        String job = "/jobs/" + scene.job().id();
        String application = scene.rest()
                .get("/applications/overview")
                .path("applications")
                .path(0)
                .path("id")
                .asText();
        assertThat(application).isNotEmpty();
        for (String path : new String[] {
            job,
            job + "/config",
            job + "/plan",
            job + "/jobmanager/config",
            "/jobs/overview",
            "/applications/overview",
            "/applications/" + application,
            "/applications/" + application + "/jobmanager/config"
        }) {
            assertThat(scene.answer(path)).as(path).doesNotContain(scene.password());
        }
    }

    private static void killATaskManagerInMidFlight(ClusterScene scene) throws Exception {
        int before = scene.failures();
        scene.publishTo(0.5);
        String victim = scene.busyTaskManagers().get(0);
        assertThat(LiveMemory.jobClassLoaders(scene.cluster.processId(victim))).isPositive();
        scene.cluster.killTaskManager(victim);
        await().atMost(ClusterScene.PATIENCE).until(() -> scene.failures() > before);
        scene.publishTo(0.6);
        scene.awaitMoreRows();
        Outcome savepoint = scene.run("savepoint", scene.job().id().substring(0, 8));
        assertThat(savepoint.exitCode()).as(savepoint.toString()).isZero();
        assertThat(pathOf(savepoint.out().strip())).isDirectoryContaining("glob:**/_metadata");
    }

    private void goBackFromABrokenRelease(ClusterScene scene) throws Exception {
        ClusterJob old = scene.job();
        String jar = BrokenJob.jar(directory.resolve("broken.jar")).toString();

        String changed = scene.definitionsOn("nowhere").toString();
        Outcome refused = scene.start("upgrade", "tidemark", "--defs", changed);
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(2);
        assertThat(refused.err())
                .contains("The new job could not start: The Flink cluster at " + scene.rest())
                .contains("The topic nowhere does not exist at ");
        Outcome typo = scene.startOn("127.0.0.1:1", "upgrade", "tidemark");
        assertThat(typo.exitCode()).as(typo.toString()).isEqualTo(2);
        assertThat(typo.err()).contains("The new job could not start", "127.0.0.1:1");
        Outcome inMidLog =
                scene.start("upgrade", "tidemark", "--defs", nextVersion(scene).toString(), "--drop-removed");
        assertThat(inMidLog.exitCode()).as(inMidLog.toString()).isEqualTo(2);
        assertThat(inMidLog.err())
                .contains("The job does not compute card_activity@2", "submit --view card_activity@2");
        assertThat(scene.job().id()).isEqualTo(old.id());

        Outcome failing = scene.start("upgrade", "tidemark", "--jar", jar, "--drop-removed");
        assertThat(failing.exitCode()).as(failing.toString()).isEqualTo(Upgrade.WENT_BACK);
        assertThat(failing.out())
                .contains("Job " + old.id() + " has stopped with the savepoint file:")
                .contains("The new job did not come up: This release is broken.")
                .contains("Job " + scene.job().id() + " goes on as before");
        assertThat(scene.job().setup())
                .usingRecursiveComparison()
                .ignoringFields("definitions")
                .isEqualTo(old.setup());
        scene.publishTo(0.8);
        scene.awaitMoreRows();
    }

    private static void rescale(ClusterScene scene) throws Exception {
        scene.cluster.addTaskManager();
        ClusterJob old = scene.job();
        Outcome upgraded = scene.start("upgrade", old.name(), "--parallelism", "3");
        assertThat(upgraded.exitCode()).as(upgraded.toString()).isZero();
        assertThat(upgraded.out()).contains("all its tasks run, with a parallelism of 3 (");
        assertThat(scene.job().setup().parallelism()).isEqualTo(3);
        assertThat(scene.job().setup().views()).isEqualTo(old.setup().views());
        // Services are the registry's, where they may have changed since.
        assertThat(PackedDefinitions.unpack(scene.job().setup().definitions()).services())
                .isEmpty();
        assertThat(scene.job().setup().settings()).isEqualTo(SETTINGS);
        scene.publishTo(0.9);
        scene.awaitMoreRows();
    }

    private static void goOnFromASavepoint(ClusterScene scene) {
        String definitions = scene.definitionsDirectory().toString();
        String savepoint = scene.run("stop", "tidemark").out().strip();
        Outcome inMidLog = scene.start("submit", "--defs", definitions);
        assertThat(inMidLog.exitCode()).as(inMidLog.toString()).isEqualTo(2);
        assertThat(inMidLog.err())
                .contains("has read the topic " + scene.log.topic() + " up to 0:", "--savepoint PATH");
        assertThat(scene.run("jobs").out().lines()).hasSize(1);

        Outcome submitted =
                scene.start("submit", "--defs", definitions, "--savepoint", savepoint, "--parallelism", "3");
        assertThat(submitted.exitCode()).as(submitted.toString()).isZero();
    }

    private static void stop(ClusterScene scene) {
        Outcome stopped = scene.run("stop", "tidemark");
        assertThat(stopped.exitCode()).as(stopped.toString()).isZero();
        assertThat(pathOf(stopped.out().strip())).isDirectoryContaining("glob:**/_metadata");
        assertThat(scene.run("jobs").out().lines()).hasSize(1);
        assertThat(scene.run("jobs", "--all").out()).contains("FINISHED");
        Outcome gone = scene.run("stop", "tidemark");
        assertThat(gone.exitCode()).isEqualTo(2);
        assertThat(gone.err()).contains("No job that runs on the cluster at", "is called tidemark");
    }

    private Path nextVersion(ClusterScene scene) throws Exception {
        Path changed = Files.createDirectories(directory.resolve("changed"));
        try (var files = Files.list(scene.definitionsDirectory())) {
            for (Path file : files.toList()) {
                String text = Files.readString(file)
                        .replace("name: card_activity\nversion: 1", "name: card_activity\nversion: 2");
                Files.writeString(changed.resolve(file.getFileName()), text);
            }
        }
        return changed;
    }

    /** A job of its own for the next version of one view; that of the old version does not run any more. */
    private void takeOver(ClusterScene scene) throws Exception {
        Outcome submitted = scene.start("submit", "--defs", nextVersion(scene).toString(), "--view", "card_activity");
        assertThat(submitted.exitCode()).as(submitted.toString()).isZero();
        assertThat(scene.job().setup().views()).containsExactly("card_activity@2");

        Outcome taken = scene.look("takeover", "--view", "card_activity", "--entities", "all");
        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        assertThat(taken.out())
                .contains("certificate 1: card_activity@1 -> card_activity@2 at ", " mismatches=0\n")
                .doesNotContain("is not looked at");

        Outcome back = scene.look("takeover", "--view", "card_activity", "--rollback");
        assertThat(back.exitCode()).as(back.toString()).isEqualTo(2);
        assertThat(back.err())
                .contains("No job that runs on the cluster at", "computes card_activity@1. Start it with");
        assertThat(scene.run("stop", "tidemark").exitCode()).isZero();
    }

    /**
     * The classes of ended jobs are gone, but for two sets: a thread of Flink's network keeps those of the first job, and the JDK those
     * of the last whose records were compared. The Postgres driver's own thread lets go half a minute after the end.
     */
    private static void letGoOfClasses(ClusterScene scene) {
        List<String> processes = new ArrayList<>(scene.cluster.taskManagers());
        processes.add("jobmanager");
        for (String process : processes) {
            await(process + " lets go of the classes of ended jobs")
                    .atMost(ClusterScene.PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(LiveMemory.jobClassLoaders(scene.cluster.processId(process)))
                            .isLessThanOrEqualTo(2));
        }
    }

    private static Path pathOf(String savepoint) {
        Path path = Path.of(java.net.URI.create(savepoint));
        assertThat(Files.exists(path)).as(savepoint).isTrue();
        return path;
    }
}
