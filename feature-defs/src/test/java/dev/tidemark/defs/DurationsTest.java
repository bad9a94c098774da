package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    private static final long HUNDRED_YEARS = 36_500L * 86_400_000;

    @Property
    void formattedDurationsAreReadAgain(@ForAll @LongRange(min = 0, max = HUNDRED_YEARS) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }

    @Property
    void anyTextIsADurationOrRefusedWithItsReason(@ForAll String text) {
        try {
            assertThat(Durations.parse(text)).isBetween(Duration.ZERO, Durations.LONGEST);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining(text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0s, 0",
        "250ms, 250",
        "10s, 10000",
        "5m, 300000",
        "1h, 3600000",
        "7d, 604800000",
        "2w, 1209600000",
        "1y, 31536000000",
        "36500d, 3153600000000",
        "100y, 3153600000000"
    })
    void readsEveryUnit(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"60000, 1m", "90000, 90s", "86400000, 1d", "604800000, 7d", "31536000000, 365d", "1, 1ms", "0, 0s"})
    void writesTheShortestSpelling(long millis, String text) {
        assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "m", "1 m", "-1h", "01h", "1.5h", "1H", "1mo", "1h30m", "99999999999999999999s", "１h"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a duration");
    }

    @Test
    void refusesMoreThanAHundredYears() {
        assertThatThrownBy(() -> Durations.parse("36501d")).hasMessageContaining("too long");
        assertThatThrownBy(() -> Durations.parse("999999999999999999y")).hasMessageContaining("too long");
    }

    @ParameterizedTest
    @CsvSource({
        "1ms, 1ms",
        "9999ms, 1ms",
        "10s, 1s",
        "119999ms, 1s",
        "2m, 10s",
        "1h, 10s",
        "3600001ms, 5m",
        "1d, 5m",
        "86400001ms, 30m",
        "7d, 30m",
        "604800001ms, 2h",
        "30d, 2h",
        "2592000001ms, 6h",
        "36500d, 6h"
    })
    void theDefaultStepGrowsWithTheWindow(String length, String step) {
        assertThat(DefaultSteps.of(Durations.parse(length))).isEqualTo(Durations.parse(step));
    }
}
