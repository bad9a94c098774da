package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster of real processes: they can be taken away and brought back, and nothing of them stays. */
class StandaloneClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void itsProcessesComeAndGo() throws Exception {
        Path directory;
        List<ProcessHandle> processes;
        try (StandaloneCluster cluster = StandaloneCluster.builder()
                .highlyAvailable(true)
                .configuration("execution.checkpointing.interval", "7 s")
                .start()) {
            directory = cluster.directory();
            assertThat(cluster.taskManagers()).containsExactly("taskmanager-1");
            assertThat(get(cluster, "/overview")).contains("\"taskmanagers\":1", "\"slots-total\":2");
            assertThat(get(cluster, "/jobmanager/config")).contains("\"7 s\"", "\"adaptive\"", "\"rocksdb\"");

            assertThat(cluster.addTaskManager()).isEqualTo("taskmanager-2");
            assertThat(get(cluster, "/overview")).contains("\"taskmanagers\":2", "\"slots-total\":4");
            processes = ofDirectory(directory);
            assertThat(processes)
                    .as("ZooKeeper, a JobManager, two TaskManagers, with their guards")
                    .hasSizeGreaterThan(7);

            cluster.killTaskManager("taskmanager-1");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(get(cluster, "/overview")).contains("\"taskmanagers\":1"));
            assertThatThrownBy(() -> cluster.killTaskManager("taskmanager-1"))
                    .hasMessage("There is no TaskManager taskmanager-1. There are: [taskmanager-2]");

            cluster.restartJobManager();
            assertThat(get(cluster, "/taskmanagers"))
                    .contains("\"taskmanager-2\"")
                    .doesNotContain("\"taskmanager-1\"");
            assertThat(cluster.lastWords()).contains("--- jobmanager\n", "--- taskmanager-2\n");
        }
        assertThat(directory).doesNotExist();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aFrozenTaskManagerIsMissedAndComesBackWhenItThaws() throws Exception {
        try (StandaloneCluster cluster = StandaloneCluster.builder()
                .configuration("heartbeat.interval", "500")
                .configuration("heartbeat.timeout", "3000")
                .start()) {
            long process = cluster.processId("taskmanager-1");
            cluster.freezeTaskManager("taskmanager-1");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(get(cluster, "/overview")).contains("\"taskmanagers\":0"));
            assertThat(cluster.processId("taskmanager-1")).isEqualTo(process);
            cluster.thawTaskManager("taskmanager-1");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(get(cluster, "/overview")).contains("\"taskmanagers\":1"));
            assertThat(cluster.logOf("taskmanager-1")).contains("TaskManagerRunner");
        }
    }

    @Test
    void aProcessThatDoesNotStartShowsItsLastWords() {
        assertThatThrownBy(() -> StandaloneCluster.builder()
                        .configuration("jobmanager.scheduler", "no-such-scheduler")
                        .start())
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("jobmanager")
                .hasMessageContaining("its process ended")
                .hasMessageContaining("at org.apache.flink.runtime.entrypoint.");
    }

    private static List<ProcessHandle> ofDirectory(Path directory) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(directory.toString()))
                        .isPresent())
                .toList();
    }

    private String get(StandaloneCluster cluster, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(cluster.restUri() + path)).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }
}
