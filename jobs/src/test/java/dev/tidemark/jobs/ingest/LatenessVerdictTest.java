package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenessVerdictTest {
    private final LatenessVerdict verdict = new LatenessVerdict(10);

    @Test
    void comparesWithTheGreatestTimeBefore() {
        assertThat(verdict.isLate(0, 100)).isFalse();
        assertThat(verdict.isLate(0, 90)).isFalse();
        assertThat(verdict.isLate(0, 89)).isTrue();
        assertThat(verdict.isLate(0, 101)).isFalse();
        assertThat(verdict.isLate(0, 90)).isTrue();
        assertThat(verdict.behind(0, 90)).isEqualTo(11);
    }

    @Test
    void judgesEachPartitionByItself() {
        verdict.isLate(0, 1_000);

        assertThat(verdict.isLate(1, 100)).isFalse();
        assertThat(verdict.isLate(0, 100)).isTrue();
    }

    @Test
    void firstEventIsNeverLate() {
        assertThat(verdict.isLate(7, Long.MIN_VALUE / 2)).isFalse();
    }

    @Test
    void restoresTheGreaterTime() {
        verdict.restore(0, 100);
        verdict.restore(0, 50);

        assertThat(verdict.isLate(0, 89)).isTrue();
        assertThat(verdict.isLate(0, 90)).isFalse();
    }
}
