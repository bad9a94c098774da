package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Window.CivilUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events an hour on days that have 23, 24 and 25 of them, brought from slices to totals. */
final class CivilRateTest {
    private static final Aggregate PER_HOUR = new Aggregate.Rate(Duration.ofHours(1));
    private static final Grid DAYS = new Grid.Civil(CivilUnit.DAY, ZoneId.of("Europe/Berlin"));
    private static final Grid MONTHS = new Grid.Civil(CivilUnit.MONTH, ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({"2026-03-29T12:00:00Z, 23", "2026-10-25T12:00:00Z, 25", "2026-07-01T12:00:00Z, 24"})
    void dividesByTheHoursOfTheDay(Instant noon, int hours) {
        AccumulatorType type = new AccumulatorType(PER_HOUR, DataType.BOOLEAN, 0, DAYS);
        assertThat(rate(type, noon, true, true, true)).isEqualTo(3.0 / hours);
        AccumulatorType values = new AccumulatorType(PER_HOUR, DataType.DOUBLE, 0, DAYS);
        assertThat(rate(values, noon, 0.5, -2.0)).isEqualTo(-1.5 / hours);
    }

    @Test
    void dividesByTheHoursOfTheMonth() {
        AccumulatorType type = new AccumulatorType(PER_HOUR, DataType.LONG, 0, MONTHS);
        assertThat(rate(type, Instant.parse("2026-03-29T12:00:00Z"), 1L)).isEqualTo(1.0 / (31 * 24 - 1));
    }

    @Test
    void isNullOfNothing() {
        AccumulatorType type = new AccumulatorType(PER_HOUR, DataType.BOOLEAN, 0, DAYS);
        assertThat(type.create().value()).isNull();
        assertThat(Trees.recoded(type, type.create()).value()).isNull();
    }

    @Test
    void periodsOfOneLengthShareTheSlicesOfCounts() {
        Grid fixed = new Grid.Fixed(Duration.ofDays(1).toMillis());
        assertThat(new AccumulatorType(PER_HOUR, DataType.BOOLEAN, fixed.unit(), fixed))
                .isEqualTo(new AccumulatorType(PER_HOUR, DataType.BOOLEAN, fixed.unit()));
    }

    /** The rate that a total of slices has, each of which holds one value. */
    private static Object rate(AccumulatorType type, Instant time, Object... values) {
        Accumulator total = type.create();
        for (int i = 0; i < values.length; i++) {
            Accumulator slice = type.ofSlices().create();
            slice.add(values[i], new InputEvent(time.toEpochMilli() + i, 0, i, new Object[] {}));
            total.merge(Trees.recoded(type.ofSlices(), slice));
        }
        return Trees.recoded(type, total).value();
    }
}
