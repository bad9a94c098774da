package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.defs.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/**
 * A record of a file that can be moved in time and is otherwise left alone, byte for byte: what is wrong with it stays wrong, and no digit of
 * a number is lost on the way through a JSON library.
 */
final class ReplayedRecord {
    private static final JsonFactory JSON = new JsonFactory();
    /** The years 1 to 9999; the job refuses other times, and one of them must not move all events by as much. */
    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

    private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private final Source.Unit unit;
    private final byte[] bytes;
    private OptionalLong time = OptionalLong.empty();
    private boolean text;
    private int start;
    private int end;

    private ReplayedRecord(Source.Unit unit, byte[] bytes) {
        this.unit = unit;
        this.bytes = bytes;
    }

    /** Looks for the event time of a record, which may be anything. */
    static ReplayedRecord of(Source source, byte[] bytes) {
        ReplayedRecord record = new ReplayedRecord(source.eventTime().unit(), bytes);
        try (JsonParser parser = JSON.createParser(bytes)) {
            record.find(source.eventTime().column(), parser);
        } catch (IOException | DateTimeException | ArithmeticException e) {
            // It stays without a time and is published as it is, for the job to refuse.
        }
        return record;
    }

    /** The event time in epoch milliseconds; empty if the record is not a JSON object with an event time that can be read. */
    OptionalLong time() {
        return time;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The record with an event time that is so many milliseconds later; as it is, if it has none. */
    byte[] shifted(long millis) {
        if (time.isEmpty() || millis == 0) {
            return bytes;
        }
        long moved = time.getAsLong() + millis;
        String value = text ? '"' + CsvText.instant(moved) + '"' : Long.toString(toUnits(moved));
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + value.length());
        out.write(bytes, 0, start);
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }

    private void find(String column, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        OptionalLong found = OptionalLong.empty();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean wanted = parser.currentName().equals(column) && found.isEmpty();
            JsonToken token = parser.nextToken();
            if (wanted && (token == JsonToken.VALUE_STRING || token.isNumeric())) {
                start = (int) parser.currentTokenLocation().getByteOffset();
                text = token == JsonToken.VALUE_STRING;
                found = OptionalLong.of(checked(text ? fromText(parser.getText()) : fromUnits(count(parser))));
                end = (int) parser.currentLocation().getByteOffset();
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() == null) {
            time = found;
        }
    }

    /** 5, 5.0 and 5e0 are the same to the job too. */
    private static long count(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? parser.getLongValue()
                : new BigDecimal(parser.getText()).longValueExact();
    }

    private static long fromText(String text) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from).toEpochMilli();
    }

    private long fromUnits(long count) {
        return switch (unit) {
            case SECONDS -> Math.multiplyExact(count, 1_000L);
            case MICROS -> Math.floorDiv(count, 1_000L);
            case NANOS -> Math.floorDiv(count, 1_000_000L);
            case INSTANT, MILLIS -> count;
        };
    }

    private long toUnits(long millis) {
        return switch (unit) {
            case SECONDS -> Math.floorDiv(millis, 1_000L);
            case MICROS -> millis * 1_000L;
            case NANOS -> millis * 1_000_000L;
            case INSTANT, MILLIS -> millis;
        };
    }

    private static long checked(long millis) {
        if (millis < EARLIEST || millis > LATEST) {
            throw new DateTimeException("Outside the years 1 to 9999: " + millis);
        }
        return millis;
    }
}
