package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.sandbox.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A TaskManager hangs with rows for both stores in its hands, is replaced, and wakes up: it writes at once, as it does not know, and
 * neither store takes a row.
 */
@Tag("faults")
final class ZombieIT {
    @TempDir
    private Path directory;

    @Test
    void wakesAfterItsSuccessor() throws Exception {
        try (Sandbox sandbox = Sandbox.start();
                ClusterScene scene = new ClusterScene(
                        directory,
                        Servers.of(sandbox),
                        new PaymentsLog(3, 3_000, System.currentTimeMillis()),
                        ClusterScene.NEVER_IDLE,
                        StandaloneCluster.builder()
                                .taskManagers(2)
                                .slotsPerTaskManager(1)
                                .configuration("heartbeat.interval", "1000")
                                .configuration("heartbeat.timeout", "8000"))) {
            scene.submit(1);
            scene.publishAndAwaitRows(0.3);
            String zombie = scene.busyTaskManagers().get(0);
            holdRowsForBothStores(sandbox, scene, zombie);
            scene.cluster.freezeTaskManager(zombie);
            sandbox.postgres().start();
            sandbox.redis().start();
            scene.publishTo(0.9);
            await("the successor").atMost(ClusterScene.PATIENCE).until(() -> scene.failures() > 0);
            scene.prove();

            String history = historyOf(sandbox, scene);
            Map<String, Long> epochs = onlineEpochs(scene);
            scene.cluster.thawTaskManager(zombie);
            await("the zombie is shut out by both stores")
                    .atMost(ClusterScene.PATIENCE)
                    .untilAsserted(() -> assertThat(scene.cluster.logOf(zombie))
                            .containsPattern("Refused to write \\d+ rows to Postgres")
                            .containsPattern("Refused to write \\d+ rows to Redis"));
            assertThat(historyOf(sandbox, scene)).isEqualTo(history);
            assertThat(onlineEpochs(scene)).isEqualTo(epochs);
            scene.publishTo(1);
            scene.proveAndAudit();
        }
    }

    private static void holdRowsForBothStores(Sandbox sandbox, ClusterScene scene, String zombie) throws IOException {
        double published = 0.3;
        sandbox.postgres().stop();
        while (!holdsRowsForPostgres(scene, zombie, published += 0.05)) {
            sandbox.postgres().start();
            scene.publishAndAwaitRows(published += 0.05);
            sandbox.postgres().stop();
        }
        sandbox.redis().stop();
        assertThat(published).as("the part of the log that is published").isLessThan(0.7);
        scene.publishTo(0.7);
        awaitLine(scene, zombie, 0, "Could not write \\d+ rows to Redis, trying again");
    }

    /**
     * Publishes on, and waits until the TaskManager misses Postgres. If that went away between rows and the record of how far they
     * reach, no checkpoint ends, and no row is released, until it is back.
     */
    private static boolean holdsRowsForPostgres(ClusterScene scene, String taskManager, double fraction)
            throws IOException {
        int before = scene.cluster.logOf(taskManager).length();
        scene.publishTo(fraction);
        return awaitLine(
                        scene, taskManager, before, "Could not (write \\d+ rows to|record in) Postgres.*, trying again")
                .contains("rows");
    }

    /** The first line with a pattern, behind what was said before; without what else is in the line. */
    private static String awaitLine(ClusterScene scene, String taskManager, int before, String pattern) {
        Pattern line = Pattern.compile(pattern);
        return await(pattern)
                .atMost(ClusterScene.PATIENCE)
                .until(
                        () -> line.matcher(scene.cluster.logOf(taskManager).substring(before))
                                .results()
                                .map(MatchResult::group)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** A digest of all rows of all views, with who wrote them. */
    private static String historyOf(Sandbox sandbox, ClusterScene scene) throws Exception {
        StringBuilder digests = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement statement = connection.createStatement()) {
            for (FeatureView view : scene.definitions.views()) {
                String sql = "select md5(string_agg(r::text, ' ' order by r::text)) from history.%s_v%d r"
                        .formatted(view.name(), view.version());
                try (ResultSet result = statement.executeQuery(sql)) {
                    result.next();
                    digests.append(result.getString(1)).append(' ');
                }
            }
        }
        return digests.toString();
    }

    private static Map<String, Long> onlineEpochs(ClusterScene scene) {
        Map<String, Long> epochs = new HashMap<>();
        for (FeatureView view : scene.definitions.views()) {
            scene.online.scan(view, (key, row) -> epochs.put(view.id() + key, row.epoch()));
        }
        return epochs;
    }
}
