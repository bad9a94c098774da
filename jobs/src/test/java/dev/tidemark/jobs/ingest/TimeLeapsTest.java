package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeLeapsTest {
    private static final long HOUR = 3_600_000;

    private final TimeLeaps leaps = new TimeLeaps(10_000);

    @Test
    void knowsTheFirstRecordOverAnInstant() {
        leaps.advance(5, 0, 10 * HOUR);
        leaps.advance(6, 10 * HOUR, 30 * HOUR);

        assertThat(leaps.over(0)).map(TimeLeaps.Leap::offset).contains(5L);
        assertThat(leaps.over(10 * HOUR - 1)).map(TimeLeaps.Leap::offset).contains(5L);
        assertThat(leaps.over(10 * HOUR)).map(TimeLeaps.Leap::offset).contains(6L);
        assertThat(leaps.over(30 * HOUR)).isEmpty();
    }

    @Test
    void passesOverOrdinarySteps() {
        leaps.advance(5, 0, 60_000);

        assertThat(leaps.over(30_000)).isEmpty();
    }

    @Test
    void forgetsFirstWhatTheLogWentOnAfter() {
        for (int night = 0; night < 20; night++) {
            leaps.advance(night, night * 48 * HOUR, night * 48 * HOUR + 40 * HOUR);
            for (int i = 0; i < TimeLeaps.USUAL; i++) {
                leaps.onTime();
            }
        }
        leaps.advance(1_000, 960 * HOUR, 961 * HOUR);

        assertThat(leaps.over(960 * HOUR)).map(TimeLeaps.Leap::offset).contains(1_000L);
        assertThat(leaps.over(0)).isEmpty();
        assertThat(all()).hasSize(TimeLeaps.MOST);
    }

    @Test
    void keepsTheLongestOfManyInARow() {
        leaps.advance(0, 0, 1_000 * HOUR);
        for (int i = 1; i <= 20; i++) {
            leaps.advance(i, (999 + i) * HOUR, (1_000 + i) * HOUR);
        }

        assertThat(leaps.over(0)).map(TimeLeaps.Leap::offset).contains(0L);
        assertThat(all()).hasSize(TimeLeaps.MOST);
    }

    @Test
    void takesUpARecordedLeapOnce() {
        leaps.restore(6, 10 * HOUR, 30 * HOUR, 3);
        leaps.restore(5, 0, 10 * HOUR, 4);
        leaps.restore(6, 10 * HOUR, 30 * HOUR, 3);

        assertThat(all()).extracting(TimeLeaps.Leap::offset).containsExactly(5L, 6L);
        assertThat(all()).extracting(leaps::followed).containsExactly(4L, 3L);
    }

    private List<TimeLeaps.Leap> all() {
        List<TimeLeaps.Leap> all = new ArrayList<>();
        leaps.forEach(all::add);
        return all;
    }
}
