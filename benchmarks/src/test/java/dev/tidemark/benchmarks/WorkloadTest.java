package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events that all peers get. */
final class WorkloadTest {
    private static final Workload MILLION = new Workload(1_000_000, 10_000);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 41_666, 999_999, 1_000_000, 90_000_001})
    void countsEventsBeforeAnInstant(long number) {
        long time = MILLION.time(number);

        assertThat(MILLION.before(time)).isEqualTo(number);
        assertThat(MILLION.before(time + 1)).isEqualTo(number + 1);
    }

    @Test
    void countsEventsOfSomeTime() {
        assertThat(MILLION.before(Long.MIN_VALUE)).isZero();
        assertThat(MILLION.count(Duration.ofDays(90))).isEqualTo(90_000_000);
        assertThat(MILLION.thinned(100).count(Duration.ofDays(90))).isEqualTo(900_000);
        assertThat(MILLION.span(2_000_000)).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void firstKeyGetsItsShare() {
        int[] draws = MILLION.drawKeys();

        long first = Arrays.stream(draws).filter(key -> key == 0).count();

        assertThat((double) first / draws.length).isBetween(0.09, 0.11);
    }

    @Test
    void hotKeyGetsItsShareBeforeTheOthers() {
        Workload rush = MILLION.rush(1_000, 0.5);
        int[] draws = rush.drawKeys();

        long first = Arrays.stream(draws).filter(key -> key == 0).count();

        assertThat(rush.events()).isEqualTo(1_000_000_000);
        assertThat((double) first / draws.length).isBetween(0.54, 0.56); // A half, and a tenth of the rest.
    }
}
