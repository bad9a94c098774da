package dev.tidemark.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar target/tidemark-serving.jar}, as a container runs it. */
class ServingJarIT {
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://[^\"\\s]+)");
    private static final Duration START = Duration.ofSeconds(60);

    private final String database = TestBackends.newDatabase();

    @TempDir
    private Path directory;

    private Process server;

    @BeforeEach
    void start() throws IOException {
        server = run("first", "0");
    }

    @AfterEach
    void stop() {
        server.destroyForcibly();
    }

    @Test
    void servesFromTheEnvironmentAndEndsWhenToldTo() throws Exception {
        try (Postgres postgres = Postgres.connect(database, null, null)) {
            Registry.open(postgres).apply(TestDefinitions.activity());
        }
        TestClient client = new TestClient(url());

        await().atMost(START).until(() -> client.get("/ready").statusCode() == 200);
        await().atMost(START)
                .until(() -> client.post("{\"feature_service\": \"model\", \"entities\": {\"user\": [\"nobody\"]}}")
                                .statusCode()
                        == 200);

        server.destroy();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output("first"))
                .doesNotContain("password")
                .doesNotContain("WARN")
                .doesNotContain("ERROR");
        for (String line : output("first").lines().toList()) {
            assertThat(new ObjectMapper().readTree(line).fieldNames())
                    .toIterable()
                    .as(line)
                    .containsExactly("asctime", "name", "levelname", "message");
        }
    }

    @Test
    void exitsWithTwoIfThePortIsTaken() throws Exception {
        String url = url();
        String port = url.substring(url.lastIndexOf(':') + 1);

        Process second = run("second", port);

        assertThat(second.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(2);
        assertThat(output("second"))
                .contains("Could not listen on port " + port)
                .doesNotContain("\tat ");
    }

    private Process run(String name, String port) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(java.toString(), "-jar", "target/tidemark-serving.jar"));
        builder.environment()
                .putAll(Map.of(
                        "TIDEMARK_POSTGRES_URL",
                        database,
                        "TIDEMARK_REDIS_URI",
                        TestBackends.shared().redisUri(),
                        "TIDEMARK_SERVING_PORT",
                        port));
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve(name).toFile())
                .start();
    }

    private String url() {
        return await().atMost(START)
                .until(() -> LISTENING.matcher(output("first")), Matcher::find)
                .group(1);
    }

    private String output(String name) throws IOException {
        return Files.readString(directory.resolve(name), UTF_8);
    }
}
