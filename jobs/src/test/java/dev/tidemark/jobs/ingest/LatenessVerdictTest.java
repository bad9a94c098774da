package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenessVerdictTest {
    private final LatenessVerdict verdict = new LatenessVerdict(10);
    private long offset;

    @Test
    void comparesWithTheGreatestTimeBefore() {
        assertThat(isLate(0, 100)).isFalse();
        assertThat(isLate(0, 90)).isFalse();
        assertThat(isLate(0, 89)).isTrue();
        assertThat(isLate(0, 101)).isFalse();
        assertThat(isLate(0, 90)).isTrue();
        assertThat(verdict.of(0).behind(90)).isEqualTo(11);
    }

    @Test
    void judgesEachPartitionByItself() {
        isLate(0, 1_000);

        assertThat(isLate(1, 100)).isFalse();
        assertThat(isLate(0, 100)).isTrue();
    }

    @Test
    void firstEventIsNeverLate() {
        assertThat(isLate(7, Long.MIN_VALUE / 2)).isFalse();
    }

    @Test
    void restoresTheGreaterTime() {
        verdict.of(0).restore(100);
        verdict.of(0).restore(50);

        assertThat(isLate(0, 89)).isTrue();
        assertThat(isLate(0, 90)).isFalse();
    }

    @Test
    void recordsOnlyPartitionsThatHaveAGreatestTime() {
        verdict.of(0);
        isLate(1, 5);

        Map<Integer, Long> recorded = new HashMap<>();
        verdict.forEach((partition, times) -> recorded.put(partition, times.greatest()));
        assertThat(recorded).containsExactly(entry(1, 5L));
    }

    private boolean isLate(int partition, long time) {
        return verdict.of(partition).isLate(offset++, time);
    }
}
