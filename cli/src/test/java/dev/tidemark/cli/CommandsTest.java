package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void everyProblemIsShownWithItsPlace() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "kind: Entity\nname: card\nkeys: { card: strin }\n");
        Files.writeString(directory.resolve("b.yaml"), "kind: Entity\nnam: card\nkeys: { card: string }\n");
        assertThat(run("validate", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("a.yaml:3:").contains("b.yaml:2:1").doesNotContain("Exception");
    }

    @Test
    void whatCannotBeComputedYetIsRefused() {
        assertThat(run("validate", EXAMPLES + "tickers")).isEqualTo(2);
        assertThat(err.toString()).contains("not computed yet").contains("ema");
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
