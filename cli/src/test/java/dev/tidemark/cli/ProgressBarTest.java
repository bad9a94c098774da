package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter out = new StringWriter();

    @Test
    void isRedrawnInPlaceOnATerminal() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), true, 4_000, 1_000, 0);
        bar.show(2_000, SECOND);
        bar.show(3_000, 2 * SECOND);
        bar.leave();
        assertThat(out.toString().split("\r\u001b\\[2K"))
                .containsExactly(
                        "",
                        "[###############...............] 50% 2,000 of 4,000 events  1,000 events/s  ETA 2s",
                        "[######################........] 75% 3,000 of 4,000 events  1,000 events/s  ETA 1s"
                                + System.lineSeparator());
    }

    @Test
    void isALineNowAndThenElsewhere() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), false, 1_000_000, 0, 0);
        for (int i = 1; i <= 20; i++) {
            bar.show(100L * i, i * SECOND);
        }
        bar.leave();
        assertThat(out.toString().lines())
                .containsExactly(
                        "0% 100 of 1,000,000 events  100 events/s  ETA 2h46m",
                        "0% 1,100 of 1,000,000 events  100 events/s  ETA 2h46m");
    }

    @Test
    void promisesNothingWhileNothingMoves() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), false, 10, 5, 0);
        bar.show(5, SECOND);
        assertThat(out.toString().strip()).isEqualTo("50% 5 of 10 events  0 events/s  ETA -");
    }
}
