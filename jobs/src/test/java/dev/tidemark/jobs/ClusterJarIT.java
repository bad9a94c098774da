package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.OnlineStore.Lookup;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads the packaged jar to a JobManager, as a person would by its web interface. */
class ClusterJarIT {
    private static final Path JAR = Path.of(System.getProperty("tidemark.cluster.jar"));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DEFINITIONS =
            """
            kind: Source
            name: clicks
            kafka: { topic: clicks, format: json }
            schema: { time: timestamp, user: string, robot: boolean }
            event_time: time
            allowed_lateness: 0s
            idle_timeout: 5s
            ---
            kind: Entity
            name: user
            keys: { user: string }
            ---
            kind: FeatureView
            name: user_clicks
            version: 1
            entity: user
            source: clicks
            where: "!robot"
            features:
              - { name: clicks, aggregate: count, windows: [10s] }
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void computesFeaturesOnAClusterAndRefusesWhatCannotStart() throws Exception {
        Files.writeString(directory.resolve("clicks.yaml"), DEFINITIONS);
        FeatureView view = DefinitionReader.readDirectory(directory).views().get(0);
        try (Sandbox sandbox = clusterWithoutConnectors();
                Postgres postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
                RedisOnlineStore online = RedisOnlineStore.connect(sandbox.redisUri())) {
            StringWriter err = new StringWriter();
            int exitCode =
                    JobMain.run(new PrintWriter(err, true), arguments(sandbox).toArray(String[]::new));
            assertThat(exitCode).isEqualTo(2);
            assertThat(err.toString()).startsWith("The topic clicks does not exist");

            URI rest = sandbox.flink().restUri();
            String jar = upload(rest);

            HttpResponse<String> refused = run(rest, jar, arguments(sandbox));
            assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(refused.body()).contains("The topic clicks does not exist");

            sandbox.createTopic("clicks", 1);
            HttpResponse<String> started = run(rest, jar, arguments(sandbox));
            assertThat(started.statusCode()).as(started.body()).isEqualTo(200);

            try (KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "clicks")) {
                kafka.append(0, "{\"time\":\"2024-01-01T00:00:00Z\",\"user\":\"ann\",\"robot\":false}");
                kafka.append(0, "{\"time\":\"2024-01-01T00:00:01Z\",\"user\":\"ann\",\"robot\":true}");
                kafka.append(0, "{\"time\":\"2024-01-01T00:00:02Z\",\"user\":\"bob\",\"robot\":false}");
                kafka.flush();
            }

            PostgresHistoryStore history = new PostgresHistoryStore(postgres);
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                assertThat(history.rows(view, "[\"ann\"]")).singleElement().satisfies(row -> assertThat(row.values())
                        .containsExactly(1L));
                assertThat(online.get(List.of(new Lookup(view, "[\"bob\"]"))).get(0))
                        .isNotNull();
            });
        }
    }

    /**
     * This process has Flink's connectors on its class path, a cluster has not. All that the jar brings is therefore taken from the jar,
     * also classes in Flink's packages, which Flink would look for in its own class path first.
     */
    private static Sandbox clusterWithoutConnectors() {
        return Sandbox.builder()
                .flink(true)
                .flinkConfiguration(
                        "classloader.parent-first-patterns.default", "java.;javax.;org.slf4j;org.apache.logging")
                .start();
    }

    private List<String> arguments(Sandbox sandbox) {
        return List.of(
                "--defs", directory.toString(),
                "--kafka", sandbox.kafkaBootstrap(),
                "--postgres", sandbox.postgresJdbcUrl(),
                "--redis", sandbox.redisUri(),
                "--from", "earliest",
                "--parallelism", "2");
    }

    private HttpResponse<String> run(URI rest, String jar, List<String> arguments) throws Exception {
        String body = JSON.writeValueAsString(Map.of("programArgsList", arguments));
        HttpRequest request = HttpRequest.newBuilder(rest.resolve("/jars/" + jar + "/run"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Uploads the jar and returns the id under which the cluster knows it. */
    private String upload(URI rest) throws Exception {
        String boundary = "tidemark-boundary";
        HttpRequest request = HttpRequest.newBuilder(rest.resolve("/jars/upload"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArray(multipart(boundary)))
                .build();
        JsonNode answer =
                JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("success");
        return Path.of(answer.path("filename").asText()).getFileName().toString();
    }

    private static byte[] multipart(String boundary) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + JAR.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        body.write(head.getBytes(StandardCharsets.UTF_8));
        body.write(Files.readAllBytes(JAR));
        body.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
