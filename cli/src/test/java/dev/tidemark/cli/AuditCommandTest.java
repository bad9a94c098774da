package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** How the commands that look into the stores answer a caller who is at fault. */
final class AuditCommandTest {
    private static final String[] NOWHERE = {
        "--postgres", "jdbc:postgresql://127.0.0.1:1/x?password=hush", "--redis", "redis://127.0.0.1:1"
    };

    private final StringWriter err = new StringWriter();

    @Test
    void aReplayNeedsTheBrokers() {
        assertThat(run("audit", "--replay")).isEqualTo(2);
        assertThat(err.toString()).contains("give --kafka HOST:PORT");
    }

    @Test
    void aReplayIsTooMuchForEveryRound() {
        assertThat(run("audit", "--replay", "--kafka", "127.0.0.1:1", "--continuous"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--continuous cannot do in every round");
    }

    @Test
    void aSampleHasAtLeastOneEntity() {
        assertThat(run("audit", "--entities", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--entities is 0");
        assertThat(run("audit", "--entities", "5", "--all")).isEqualTo(2);
    }

    @Test
    void aTakeoverNeedsAViewTheBrokersAndASample() {
        assertThat(run("takeover", "--kafka", "127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString()).contains("Which view? Give --view NAME.");
        assertThat(run("takeover", "--view", "cards")).isEqualTo(2);
        assertThat(err.toString()).contains("A takeover reads the log: give --kafka HOST:PORT");
        for (String number : new String[] {"0", "many"}) {
            assertThat(run("takeover", "--view", "cards", "--kafka", "127.0.0.1:1", "--entities", number))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("--entities is " + number + "; it takes a number from 1 on, or all.");
        }
        assertThat(run("takeover", "--view", "cards", "--kafka", "127.0.0.1:1", "--rollback", "--to", "2"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--rollback finds the version itself");
    }

    @Test
    void storesThatDoNotAnswerAreNoDifference() {
        assertThat(run("audit")).isEqualTo(2);
        assertThat(run("rebuild-online")).isEqualTo(2);
        assertThat(run("takeover", "--list")).isEqualTo(2);
        assertThat(err.toString())
                .contains("127.0.0.1:1")
                .doesNotContain("hush")
                .doesNotContain("Exception");
    }

    /** The other one is not taken from a demo that happens to run. */
    @Test
    void oneStoreWithoutTheOtherIsNotEnough() {
        for (String command :
                new String[] {"audit", "rebuild-online", "takeover --view v --kafka k:1", "get --service s --entity a=b"
                }) {
            assertThat(runBare((command + " --postgres " + NOWHERE[1]).split(" ")))
                    .isEqualTo(2);
            assertThat(runBare((command + " --redis " + NOWHERE[3]).split(" "))).isEqualTo(2);
        }
        assertThat(err.toString().lines().distinct())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("Where is Redis?") && line.contains("give --redis as well"))
                .anyMatch(line -> line.startsWith("Where is Postgres?") && line.contains("give --postgres as well"));
    }

    @Test
    void aListOfTakeoversNeedsNoOnlineStore() {
        assertThat(runBare("takeover", "--list", "--postgres", NOWHERE[1])).isEqualTo(2);
        assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("Where is Redis?");
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + NOWHERE.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(NOWHERE, 0, all, arguments.length, NOWHERE.length);
        return runBare(all);
    }

    private int runBare(String... all) {
        return Tidemark.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
