package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryPartitionTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "2024-02-29T23:59:59.999Z, 2024-02-29T23:59:59.999Z,"
                        + " and c >= '2024-02-01T00:00:00Z' and c < '2024-03-01T00:00:00Z'",
                "2000-01-01T00:00:00Z, 2099-12-31T23:59:59.999Z,"
                        + " and c >= '2000-01-01T00:00:00Z' and c < '2100-01-01T00:00:00Z'",
                "-4711-01-01T00:00:00Z, 2024-03-01T00:00:00Z, and c < '2024-04-01T00:00:00Z'",
                "2024-03-01T00:00:00Z, +294276-12-30T00:00:00Z, and c >= '2024-03-01T00:00:00Z'",
                "-4711-01-01T00:00:00Z, +294276-12-30T00:00:00Z, \"\"",
            })
    void saysWhatIsTrueOfItsRows(Instant first, Instant last, String condition) {
        HistoryPartition from = HistoryPartition.of(first.toEpochMilli());
        HistoryPartition to = HistoryPartition.of(last.toEpochMilli());
        assertThat(from.condition("c", to).trim()).isEqualTo(condition);
    }
}
