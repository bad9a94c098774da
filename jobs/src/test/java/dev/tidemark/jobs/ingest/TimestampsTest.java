package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.Source.Unit;
import java.time.DateTimeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "1442018952, SECONDS, 1442018952000",
        "-1, SECONDS, -1000",
        "1442018952942, MILLIS, 1442018952942",
        "1442018952942999, MICROS, 1442018952942",
        "-1, MICROS, -1",
        "1442018952942999999, NANOS, 1442018952942",
        "-1000001, NANOS, -2",
        "253402300799, SECONDS, 253402300799000",
        "-62135596800, SECONDS, -62135596800000"
    })
    void roundsDownToMilliseconds(long count, Unit unit, long millis) {
        assertThat(Timestamps.fromUnits(count, unit)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "253402300800, SECONDS",
        "-62135596801, SECONDS",
        "9223372036854775807, SECONDS",
        "-9223372036854775808, SECONDS",
        "18446744073709552, SECONDS",
        "253402300800000, MILLIS",
        "-62135596800001, MILLIS",
        "9223372036854775807, MICROS"
    })
    void refusesOtherYears(long count, Unit unit) {
        assertThatThrownBy(() -> Timestamps.fromUnits(count, unit)).isInstanceOf(DateTimeException.class);
    }
}
