package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands say and how they end when the caller is at fault, and when not. */
final class CommandsTest {
    private static final String EXAMPLES = "../feature-defs/examples/";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void validDefinitionsAreCounted() {
        assertThat(run("validate", EXAMPLES + "payments")).isZero();
        assertThat(out.toString()).startsWith("Valid: 1 sources, 2 entities, 2 views");
    }

    @Test
    void sizesOfStateArePrintedForEachView() {
        assertThat(run("validate", EXAMPLES + "payments", "--sizes", "--events-per-day", "20"))
                .isZero();
        String few = out.toString();
        assertThat(few.lines().skip(1)).hasSize(2).allSatisfy(line -> assertThat(line)
                .matches("[a-z_]+@1: [0-9,]+ bytes an entity of 20 events a day, at most [0-9,]+; [0-9]+ % are .+"));
        assertThat(run("validate", EXAMPLES + "payments", "--sizes")).isZero();
        assertThat(out.toString().substring(few.length())).contains("of 100 events a day");
    }

    @Test
    void sizesGrowWithTheCorrections() {
        assertThat(run("validate", EXAMPLES + "payments", "--sizes")).isZero();
        String hour = out.toString();
        assertThat(run("validate", EXAMPLES + "payments", "--sizes", "--corrections", "1h"))
                .isZero();
        assertThat(out.toString()).isEqualTo(hour + hour);
        assertThat(run("validate", EXAMPLES + "payments", "--sizes", "--corrections", "2d"))
                .isZero();
        assertThat(bytes(out.toString().substring(2 * hour.length()))).isGreaterThan(bytes(hour));
        assertThat(run("validate", EXAMPLES + "payments", "--sizes", "--corrections", "31d"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--corrections is 31d, but must be between 0s and 30d");
    }

    /** What an entity of the first view takes. */
    private static long bytes(String sizes) {
        Matcher bytes = Pattern.compile("@1: ([0-9,]+) bytes").matcher(sizes);
        assertThat(bytes.find()).as(sizes).isTrue();
        return Long.parseLong(bytes.group(1).replace(",", ""));
    }

    @Test
    void ratesThatAreNoneAreRefused() {
        assertThat(run("validate", EXAMPLES + "payments", "--sizes", "--events-per-day", "0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--events-per-day must be a number above zero, not 0");
    }

    @Test
    void everyProblemIsShownWithItsPlace() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "kind: Entity\nname: card\nkeys: { card: strin }\n");
        Files.writeString(directory.resolve("b.yaml"), "kind: Entity\nnam: card\nkeys: { card: string }\n");
        assertThat(run("validate", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("a.yaml:3:").contains("b.yaml:2:1").doesNotContain("Exception");
    }

    @Test
    void everyExampleCanBeComputed() {
        for (String example : new String[] {"payments", "tickers", "wiki"}) {
            assertThat(run("validate", EXAMPLES + example)).as(example).isZero();
        }
    }

    @Test
    void aHistoryMayBeKeptCoarserAndForgotten() throws IOException {
        String prices = Files.readString(Path.of(EXAMPLES + "tickers/prices.yaml"));
        Files.writeString(
                directory.resolve("trend.yaml"),
                prices
                        + """
                ---
                kind: FeatureView
                name: trend
                entity: ticker
                source: prices
                history: { every: 1m, retention: 2y }
                features:
                  - { name: smooth, aggregate: ema, column: price, span: 12, windows: [1h] }
                """);
        assertThat(run("validate", directory.toString())).as(err.toString()).isZero();
    }

    @Test
    void missingDirectoriesAndFilesAreNamed() {
        assertThat(run("validate", "no-such-directory")).isEqualTo(2);
        assertThat(err.toString()).contains("no-such-directory");
        assertThat(run("demo", "--defs", EXAMPLES + "wiki", "--events", "no-such-file"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no-such-file");
        assertThat(run("dry-run", "--defs", EXAMPLES + "wiki", "--events", "edits=gone.jsonl", "--out", "target/none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("gone.jsonl").doesNotContain("Exception");
    }

    @Test
    void eventsOfAnUnknownSourceAreRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("e.jsonl"), "{}\n");
        assertThat(run("dry-run", "--defs", EXAMPLES + "wiki", "--events", "edit=" + file, "--out", "target/none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("edit").contains("edits");
        assertThat(run("dry-run", "--defs", EXAMPLES + "wiki", "--events", "events.jsonl", "--out", "target/none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("SOURCE=FILE");
    }

    @Test
    void anUnreadableFileIsNamedBeforeAnythingStarts() throws IOException {
        Path file = Files.write(directory.resolve("e.jsonl.gz"), new byte[] {0x1f, (byte) 0x8b, 'n', 'o'});
        assertThat(run("demo", "--events", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("Could not read " + file + ": ").doesNotContain("Exception");
    }

    @Test
    void aDryRunNamesTheFileThatEndsTooEarly() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(whole)) {
            gzip.write("{}\n{\"user\": \"ann\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(directory.resolve("e.jsonl.gz"), Arrays.copyOf(whole.toByteArray(), whole.size() - 12));
        String out = directory.resolve("out").toString();
        assertThat(run("dry-run", "--defs", EXAMPLES + "wiki", "--events", "edits=" + file, "--out", out))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Could not read " + file + ": ");
    }

    @Test
    void aFormatThatCannotBeReadYetIsNotValid() throws IOException {
        Files.writeString(
                directory.resolve("a.yaml"),
                """
                kind: Source
                name: edits
                kafka: { topic: edits, format: avro }
                schema: { at: timestamp }
                event_time: at
                """);
        assertThat(run("validate", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("Source edits has the format avro, which cannot be read yet");
    }

    @Test
    void aDemoWithoutViewsIsRefusedBeforeAnythingStarts() throws IOException {
        Files.writeString(
                directory.resolve("a.yaml"),
                """
                kind: Source
                name: edits
                kafka: { topic: edits }
                schema: { at: timestamp }
                event_time: at
                """);
        Path file = Files.writeString(directory.resolve("e.jsonl"), "{}\n");
        assertThat(run("demo", "--defs", directory.toString(), "--events", file.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("hold no feature view");
    }

    @Test
    void aTakenPortIsSaidBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("demo", "--port", String.valueOf(taken.getLocalPort())))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("Port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreExplained() {
        assertThat(run("demo", "--defs", EXAMPLES + "payments")).isEqualTo(2);
        assertThat(err.toString()).contains("--defs needs --events");
        assertThat(run("demo", "--for", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("soon").contains("duration");
    }

    @Test
    void getTakesEachJoinKeyOnce() {
        assertThat(run("get", "--service", "s", "--entity", "user")).isEqualTo(2);
        assertThat(err.toString()).contains("--entity user has no join key: write KEY=VALUE");
        assertThat(run("get", "--service", "s", "--entity", "user=a", "--entity", "user=b"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the join key user twice");
    }

    @Test
    void getSaysWhereItLooksForTheStores() {
        assertThat(run(
                        "get",
                        "--service",
                        "fraud_model",
                        "--entity",
                        "card_id=1",
                        "--postgres",
                        "jdbc:postgresql://127.0.0.1:1/x?password=hush",
                        "--redis",
                        "redis://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("127.0.0.1:1")
                .doesNotContain("hush")
                .doesNotContain("Exception");
    }

    @Test
    void getRefusesWhatIsNoAddressWithoutRepeatingIt() {
        for (String[] addresses : new String[][] {
            {"jdbc:postgresql://[host?password=hush", "redis://127.0.0.1:1"},
            {"jdbc:postgresql://127.0.0.1:1/x", "user:hush@127.0.0.1"}
        }) {
            assertThat(run(
                            "get",
                            "--service",
                            "fraud_model",
                            "--entity",
                            "card_id=1",
                            "--postgres",
                            addresses[0],
                            "--redis",
                            addresses[1]))
                    .isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("The address of Postgres is not of the form", "The address of Redis is not of the form")
                .doesNotContain("hush")
                .doesNotContain("Exception");
    }

    private int run(String... arguments) {
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        System.setProperty("tidemark.home", "..");
        return command.execute(arguments);
    }
}
