package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.cli.ClusterScene.Outcome;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Source;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.sandbox.StandaloneCluster;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's day of edits on a real cluster, of which a TaskManager dies half-way: tens of thousands of entities, every one audited. */
@Tag("faults")
final class WikiFaultsIT {
    private static final Path DEFINITIONS = Path.of("..", "feature-defs", "examples", "wiki");
    private static final int PARTITIONS = 4;

    /** Rows in Redis, one for each of some 45,600 editors and pages. */
    private static final long HALF_WAY = 20_000;

    @TempDir
    private Path directory;

    @Test
    void aTaskManagerDiesHalfWay() throws Exception {
        System.setProperty("tidemark.home", "..");
        Source source = DefinitionReader.readDirectory(DEFINITIONS).sources().get(0);
        try (Sandbox sandbox = Sandbox.start();
                OnlineStore online = RedisOnlineStore.connect(sandbox.redisUri());
                StandaloneCluster cluster = StandaloneCluster.builder()
                        .taskManagers(2)
                        .slotsPerTaskManager(1)
                        .start()) {
            sandbox.createTopic(source.topic(), PARTITIONS);
            String flink = cluster.restUri().toString();
            succeed(sandbox, "submit", "--cluster", flink, "--defs", DEFINITIONS.toString(), "--parallelism", "2");
            // Meanwhile, so that a slow machine does not find the job almost done.
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(sandbox, source));
            await("half of the rows").atMost(ClusterScene.PATIENCE).until(() -> online.size() >= HALF_WAY);

            assertThat(online.size()).as("rows when a TaskManager dies").isLessThan(2 * HALF_WAY);
            cluster.killTaskManager(cluster.taskManagers().get(0));
            cluster.addTaskManager();
            publishing.get(ClusterScene.PATIENCE.toSeconds(), TimeUnit.SECONDS);

            await("more rows").atMost(ClusterScene.PATIENCE).until(() -> online.size() >= 2 * HALF_WAY);
            assertThat(succeed(sandbox, "audit", "--all", "--replay", "--patience", "3m"))
                    .contains(" pending=0\n")
                    .endsWith(" mismatches=0\n");
        }
    }

    private void publish(Sandbox sandbox, Source source) {
        try (EventPublisher publisher = new EventPublisher(sandbox.kafkaBootstrap(), source, List.of("user"))) {
            Path edits = WikiEdits.file(directory);
            new ReplayedFile(edits, source, Clock.systemUTC()).run(publisher);
            assertThat(publisher.failure()).isNull();
            assertThat(publisher.published()).isGreaterThan(HALF_WAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command with the addresses of the servers, and gives what it printed. */
    private static String succeed(Sandbox sandbox, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", sandbox.kafkaBootstrap()));
        all.addAll(List.of("--postgres", sandbox.postgresJdbcUrl(), "--redis", sandbox.redisUri()));
        Outcome outcome = ClusterScene.execute(all);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome.out();
    }
}
