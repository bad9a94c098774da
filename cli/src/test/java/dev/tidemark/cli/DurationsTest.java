package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class DurationsTest {
    @Test
    void readsEveryUnit() {
        assertThat(List.of("500ms", "60s", "5m", "1h", "7d").stream().map(Durations::parse))
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        Duration.ofDays(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "s", "-1s", "1.5h", "1w", "9999999999s"})
    void saysWhatItDoesNotRead(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
