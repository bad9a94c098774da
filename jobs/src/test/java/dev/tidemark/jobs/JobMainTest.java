package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JobMainTest {
    private final StringWriter err = new StringWriter();

    @Test
    void explainsWhatIsMissing() {
        assertThat(run("--defs", "somewhere")).isEqualTo(2);
        assertThat(err.toString()).contains("--kafka").contains("--postgres").contains("--redis");
    }

    @Test
    void wantsOneSourceOfDefinitions() {
        assertThat(run("--kafka", "k", "--postgres", "p", "--redis", "r")).isEqualTo(2);
        assertThat(err.toString()).contains("--defs").contains("--registry");
    }

    @Test
    void saysThatADirectoryDoesNotExist(@TempDir Path directory) {
        Path missing = directory.resolve("missing");

        assertThat(run(
                        "--defs", missing.toString(),
                        "--kafka", "k:1",
                        "--postgres", "jdbc:postgresql://127.0.0.1:1/none",
                        "--redis", "redis://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains(missing.toString()).doesNotContain("at dev.tidemark");
    }

    @Test
    void namesEveryAddressThatIsNone() {
        assertThat(run("--registry", "--kafka", "k:1", "--postgres", "localhost", "--redis", "localhost"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("jdbc:postgresql://").contains("redis://");
    }

    @Test
    void saysThatTheRegistryDoesNotAnswer() {
        assertThat(run(
                        "--registry",
                        "--kafka",
                        "k:1",
                        "--postgres",
                        "jdbc:postgresql://127.0.0.1:1/none",
                        "--redis",
                        "redis://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("127.0.0.1:1/none").doesNotContain("at dev.tidemark");
    }

    @Test
    void listsWhatCannotBeComputedYetBeforeItTouchesTheRegistry(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("views.yaml"),
                """
                kind: Source
                name: clicks
                kafka: { topic: clicks, format: avro }
                schema: { time: timestamp, user: string, page: string }
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
                history: { every: 1m }
                features:
                  - { name: pages, aggregate: approx_count_distinct, column: page, windows: [1h] }
                """);

        assertThat(run(
                        "--defs", directory.toString(),
                        "--kafka", "k:1",
                        "--postgres", "jdbc:postgresql://127.0.0.1:1/none",
                        "--redis", "redis://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("avro, which cannot be read yet");
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        assertThat(run(
                        "--registry",
                        "--kafka",
                        "k:1",
                        "--postgres",
                        "jdbc:postgresql://127.0.0.1:1/none",
                        "--redis",
                        "redis://127.0.0.1:1",
                        "--parallelism",
                        "0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("The parallelism is 0, but must be at least 1.");
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        String[] servers = {
            "--registry", "--kafka", "k:1", "--postgres", "jdbc:postgresql://127.0.0.1:1/none", "--redis", "redis://r:1"
        };
        assertThat(run(with(servers, "--bundle", "2s", "--corrections", "31d", "--checkpoint-interval", "999ms")))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--bundle is 2s, but must be between 0s and 1s")
                .contains("--corrections is 31d, but must be between 0s and 30d")
                .contains("--checkpoint-interval is 999ms, but must be at least 1s");
        assertThat(run(with(servers, "--bundle", "5"))).isEqualTo(2);
        assertThat(err.toString()).contains("'5' is not a duration");
    }

    @Test
    void aCheckpointIntervalIsADurationOrANumberOfSeconds() {
        assertThat(checkpoints("--checkpoint-interval", "2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(checkpoints("--checkpoint-interval", "7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(checkpoints()).isNull();
    }

    private static Duration checkpoints(String... arguments) {
        return CommandLine.populateCommand(new JobSettingsOptions(), arguments)
                .or(JobSettings.DEFAULT)
                .checkpoints();
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private int run(String... arguments) {
        return JobMain.run(new PrintWriter(err, true), arguments);
    }
}
