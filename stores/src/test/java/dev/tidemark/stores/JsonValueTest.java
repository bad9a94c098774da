package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonValueTest {

    @Test
    void writesEveryTypeInItsPlainForm() {
        assertThat(JsonValue.text(DataType.LONG, Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(JsonValue.text(DataType.DOUBLE, 0.1 + 0.2)).isEqualTo("0.30000000000000004");
        assertThat(JsonValue.text(DataType.DOUBLE, -0.0)).isEqualTo("-0.0");
        assertThat(JsonValue.text(new DataType.Decimal(30, 2), new BigDecimal("1E+20").setScale(2)))
                .isEqualTo("100000000000000000000.00");
        assertThat(JsonValue.text(DataType.BOOLEAN, true)).isEqualTo("true");
        assertThat(JsonValue.text(DataType.STRING, "\u0000ü")).isEqualTo("\"\\u0000\\u00FC\"");
        assertThat(JsonValue.text(DataType.TIMESTAMP, Instant.parse("2026-01-01T00:00:00.120Z")))
                .isEqualTo("\"2026-01-01T00:00:00.120Z\"");
        assertThat(JsonValue.text(DataType.BYTES, new byte[] {0, -1})).isEqualTo("\"AP8=\"");
        assertThat(JsonValue.text(new DataType.ListOf(DataType.STRING), Arrays.asList("a", null)))
                .isEqualTo("[\"a\",null]");
        assertThat(JsonValue.text(DataType.STRING, null)).isEqualTo("null");
    }

    @Test
    void writesTheShortestDouble() {
        for (String shortest : List.of("0.002", "2.0E23", "1.0E23", "9.007199254740992E15", "4.35")) {
            assertThat(JsonValue.text(DataType.DOUBLE, Double.valueOf(shortest)))
                    .isEqualTo(shortest);
        }
    }

    @Test
    void refusesWhatIsOfAnotherType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.parse(new DataType.ListOf(DataType.LONG), "{"))
                .withMessageContaining("Not a list<long> in JSON");
        assertThat(JsonValue.parse(new DataType.ListOf(DataType.LONG), "[1,null]"))
                .isEqualTo(Arrays.asList(1L, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.parse(new DataType.ListOf(DataType.LONG), "[\"x\"]"));
    }
}
