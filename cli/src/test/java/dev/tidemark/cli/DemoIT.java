package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command as its user starts it: a process of its own, with real servers. */
final class DemoIT {
    private static final Pattern LOOKUP = Pattern.compile("curl -s (\\S+) -d '(.*)'");
    private static final Pattern SUMMARY =
            Pattern.compile("(?m)^events=(\\d+) history_rows=(\\d+) online_keys=(\\d+) dead_letters=(\\d+)$");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Process demo;

    @AfterEach
    void end() throws InterruptedException {
        demo.destroy();
        if (!demo.waitFor(1, TimeUnit.MINUTES)) {
            demo.destroyForcibly();
        }
    }

    @Test
    void paymentsFlowUntilItIsToldToEnd() throws Exception {
        start("demo", "--port", "0");
        await().atMost(PATIENCE).until(() -> lookups().size() == 3);
        for (Matcher lookup : lookups()) {
            JsonNode answer = ask(lookup);
            assertThat(answer.at("/metadata/feature_names/0").asText()).isEqualTo("card_id");
            answer.get("results")
                    .forEach(column ->
                            assertThat(column.at("/statuses/0").asText()).isIn("PRESENT", "NULL_VALUE"));
        }
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).isNotEmpty();
        demo.destroy();
        assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(demo.exitValue()).isZero();
        assertThat(Long.parseLong(summary().group(1))).isPositive();
        await().atMost(Duration.ofSeconds(30)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aFileIsTakenInWholeAndTheEndComesByItself() throws Exception {
        PaymentsLog log =
                new PaymentsLog(1, 1_000, Instant.parse("2020-02-29T12:00:00Z").toEpochMilli());
        Path events = log.write(directory).get(0);
        start(
                "demo",
                "--defs",
                "../feature-defs/examples/payments",
                "--events",
                events.toString(),
                "--for",
                "15s",
                "--audit",
                "--port",
                "0");
        assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isZero();
        assertThat(Long.parseLong(summary().group(1)))
                .isEqualTo(Files.readAllLines(events).size());
        assertThat(Long.parseLong(summary().group(2))).isGreaterThan(1_000);
        assertThat(Long.parseLong(summary().group(3))).isGreaterThan(100);
        assertThat(Files.readString(output())).containsPattern("(?m)^rows=[1-9]\\d{3,} mismatches=0$");
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-Dtidemark.home=..",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                "target/tidemark.jar"));
        command.addAll(List.of(arguments));
        demo = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private Path output() {
        return directory.resolve("output");
    }

    private List<Matcher> lookups() throws IOException {
        return Files.readAllLines(output()).stream()
                .map(LOOKUP::matcher)
                .filter(Matcher::find)
                .toList();
    }

    private Matcher summary() throws IOException {
        String output = Files.readString(output());
        Matcher matcher = SUMMARY.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher;
    }

    private static JsonNode ask(Matcher lookup) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(lookup.group(1)))
                                .POST(HttpRequest.BodyPublishers.ofString(lookup.group(2)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
