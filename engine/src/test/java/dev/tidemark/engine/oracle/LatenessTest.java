package dev.tidemark.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenessTest {
    private static LogEvent event(int partition, long offset, long time) {
        return new LogEvent(partition, offset, time, Map.of());
    }

    @Test
    void anEventIsLateOnceItIsMoreThanTheAllowedLatenessBehind() {
        LogEvent first = event(0, 0, 100);
        LogEvent just = event(0, 1, 90);
        LogEvent late = event(0, 2, 89);
        Lateness judged = Lateness.judge(List.of(first, just, late), 10);
        assertThat(judged.onTime()).containsExactly(first, just);
        assertThat(judged.late()).containsExactly(late);
    }

    @Test
    void anotherPartitionDoesNotMatter() {
        Lateness judged = Lateness.judge(List.of(event(0, 0, 1000), event(1, 0, 5), event(1, 1, 4)), 1);
        assertThat(judged.late()).isEmpty();
    }

    @Test
    void theGreatestTimeCountsAndNotTheNewest() {
        LogEvent late = event(0, 2, 89);
        assertThat(Lateness.judge(List.of(event(0, 0, 100), event(0, 1, 92), late), 10)
                        .late())
                .containsExactly(late);
    }

    @Test
    void timesBeforeTheEpochAreJudgedAlike() {
        LogEvent late = event(0, 1, -111);
        assertThat(Lateness.judge(List.of(event(0, 0, -100), late), 10).late()).containsExactly(late);
    }

    @Test
    void aLogOutOfOrderIsRefused() {
        assertThatThrownBy(() -> Lateness.judge(List.of(event(3, 7, 1), event(3, 6, 1)), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Partition 3 has offset 6 after 7");
    }
}
