package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.DefinitionReader.Text;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.defs.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay moves events in time and changes nothing else, however strange the record. */
final class ReplayedRecordTest {
    @Test
    void onlyTheEventTimeChanges() throws Exception {
        String before = " { \"v\" : 1.10000000000000000000001 , \"ts\" :";
        String after = " , \"nested\": {\"ts\": [1, {\"ts\": 2}]}, \"z\":-0.0, \"s\":\"\\u00e9\u00e9\\/\" } ";
        ReplayedRecord record = read("millis", before + "1700000000000" + after);

        assertThat(record.time()).hasValue(1_700_000_000_000L);
        assertThat(shifted(record, 1_234)).isEqualTo(before + "1700000001234" + after);
        assertThat(shifted(record, 0)).isEqualTo(before + "1700000000000" + after);
    }

    @Test
    void timestampsStayTimestamps() throws Exception {
        ReplayedRecord record = read(null, "{\"ts\":\"2026-01-31T13:00:00.0005+01:00\",\"v\":1}");

        assertThat(record.time()).hasValue(1_769_860_800_000L);
        assertThat(shifted(record, 60_000)).isEqualTo("{\"ts\":\"2026-01-31T12:01:00.000Z\",\"v\":1}");
    }

    @ParameterizedTest
    @CsvSource({
        "seconds, 1700000000, 1700000060",
        "seconds, 1700000000.00, 1700000060",
        "seconds, 17e8, 1700000060",
        "millis, 1700000000000, 1700000060000",
        "micros, 1700000000000000, 1700000060000000",
        "nanos, 1700000000000000000, 1700000060000000000"
    })
    void timesKeepTheirUnit(String unit, String time, String aMinuteLater) throws Exception {
        ReplayedRecord record = read(unit, "{\"ts\":" + time + "}");

        assertThat(record.time()).hasValue(1_700_000_000_000L);
        assertThat(shifted(record, 60_000)).isEqualTo("{\"ts\":" + aMinuteLater + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[1]",
                "{\"ts\":1700000000",
                "{\"ts\":1700000000} and more",
                "{\"ts\":1700000000}{}",
                "{\"v\":1}",
                "{\"ts\":null}",
                "{\"ts\":\"yesterday\"}",
                "{\"ts\":9000000000000000000}",
                "{\"ts\":99999999999999999999999}",
                "{\"ts\":1700000000.5}",
                "{\"ts\":1e999999999}",
                "{\"ts\":253402300800}",
                "{\"ts\":1700000000,\"v\":\"\u0080\"}"
            })
    void whatIsNoEventIsLeftAsItIs(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ReplayedRecord record = ReplayedRecord.of(source("seconds"), bytes);

        assertThat(record.time()).isEmpty();
        assertThat(record.shifted(1_000)).isEqualTo(bytes);
    }

    private static ReplayedRecord read(String unit, String text) throws InvalidDefinitionsException {
        return ReplayedRecord.of(source(unit), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String shifted(ReplayedRecord record, long millis) {
        return new String(record.shifted(millis), StandardCharsets.UTF_8);
    }

    /** A source whose event time {@code ts} is a timestamp, or a long of a unit. */
    private static Source source(String unit) throws InvalidDefinitionsException {
        String type = unit == null ? DataType.TIMESTAMP.spelling() : DataType.LONG.spelling();
        String time = unit == null ? "ts" : "{ column: ts, unit: " + unit + " }";
        return DefinitionReader.read(List.of(new Text(
                        "source.yaml",
                        """
                        kind: Source
                        name: events
                        kafka: { topic: events, format: json }
                        schema: { ts: %s, v: double }
                        event_time: %s
                        """
                                .formatted(type, time))))
                .sources()
                .get(0);
    }
}
