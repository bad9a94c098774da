package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogBoundTest {
    @Test
    void readsTheThreeForms() {
        assertThat(LogBound.parse("Earliest", "earliest")).isEqualTo(new LogBound.Open());
        assertThat(LogBound.parse("1970-01-01T00:00:01Z", "latest")).isEqualTo(new LogBound.At(1_000));
        assertThat(LogBound.parse("Teas:0:12,Teas:1:0", "latest"))
                .isEqualTo(new LogBound.Offsets("Teas", Map.of(0, 12L, 1, 0L)));
    }

    /** An interrupted backfill is found again by the text of its range. */
    @Test
    void saysOffsetsInTheOrderOfTheirPartitions() {
        assertThat(LogBound.parse("a:11:6,a:2:5,a:0:1,a:7:3,a:1:2", "latest"))
                .hasToString("Offsets[topic=a, byPartition={0=1, 1=2, 2=5, 7=3, 11=6}]")
                .hasToString(LogBound.parse("a:0:1,a:1:2,a:2:5,a:7:3,a:11:6", "latest")
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "latest", "yesterday", "2024-05-01T00:00", "a:0", "a:0:1,", "a:0:1,b:1:1", "a:0:1,a:0:2"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> LogBound.parse(text, "earliest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"");
    }
}
