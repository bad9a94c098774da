package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CsvTextTest {
    @Test
    void tellsNullFromAnEmptyString() {
        assertThat(CsvText.line(Arrays.asList(null, "", "a", null))).isEqualTo(",\"\",a,");
    }

    @Test
    void quotesWhatASeparatorWouldTear() {
        assertThat(CsvText.line(List.of("a,b", "say \"no\"", "two\nlines", "tab\there")))
                .isEqualTo("\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",tab\there");
    }

    @Test
    void writesDoublesAsTheShortestTextOfTheSameBits() {
        // Up to JDK 18, Double.toString printed 2.0E-3 as 0.0020 at times and 2^-44 with a digit too many.
        for (double value : new double[] {0.1, 2.2250738585072014E-308, 4.9E-324, 1e23, 2e-3, 0x1p-44, -0.0, 1 / 3.0}) {
            String text = CsvText.field(value);
            assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                    .isEqualTo(Double.doubleToRawLongBits(value));
            assertThat(text.length()).isLessThanOrEqualTo(Double.toString(value).length());
        }
        assertThat(CsvText.field(2e-3)).isEqualTo("0.002");
        assertThat(CsvText.field(1e23)).isEqualTo("1.0E23");
    }

    @Test
    void writesInstantsWithMilliseconds() {
        assertThat(CsvText.field(Instant.parse("2015-09-12T00:00:00Z"))).isEqualTo("2015-09-12T00:00:00.000Z");
        assertThat(CsvText.instant(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
    }

    @Test
    void writesTheOtherTypes() {
        assertThat(CsvText.line(List.of(true, 5L, new BigDecimal("1E+3"), new byte[] {1, 2}, List.of("x", 1L))))
                .isEqualTo("true,5,1000,AQI=,\"[\"\"x\"\",1]\"");
    }
}
