package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a backfill says of arguments that cannot be right, before it asks any server. */
final class BackfillCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void refusesWhatIsNoPosition() {
        assertThat(run("--from", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--from: \"yesterday\" is no position in a log. Write earliest,");
    }

    @Test
    void refusesARangeOfOffsets() {
        assertThat(run("--range-only", "--to", "payments:0:1")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--range-only is about the instants of rows");
    }

    @Test
    void refusesNoThreads() {
        assertThat(run("--parallelism", "0")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--parallelism is 0, but must be at least 1.");
    }

    @Test
    void refusesWhatIsNoAddressOfPostgres() {
        assertThat(run("--postgres", "redis://localhost")).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("Exception").isNotBlank();
    }

    private int run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("backfill", "--view", "v", "--kafka", "localhost:1"));
        if (!List.of(arguments).contains("--postgres")) {
            command.addAll(List.of("--postgres", "jdbc:postgresql://localhost:1/none"));
        }
        command.addAll(List.of(arguments));
        return Tidemark.commandLine().setErr(new PrintWriter(err, true)).execute(command.toArray(String[]::new));
    }
}
