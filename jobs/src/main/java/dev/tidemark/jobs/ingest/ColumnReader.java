package dev.tidemark.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.defs.DataType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the JSON value at which a parser stands, which is not null, as one type. */
interface ColumnReader {
    /**
     * The value, as {@link DataType} says it is held. The parser is left at the value's last token.
     *
     * @throws UnfitValueException if the value does not fit the type
     */
    Object read(JsonParser parser) throws IOException, UnfitValueException;

    static ColumnReader of(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return switch (primitive) {
                case LONG -> JsonNumbers::readLong;
                case DOUBLE -> JsonNumbers::readDouble;
                case BOOLEAN -> ColumnReader::readBoolean;
                case STRING -> parser -> Texts.checked(text(parser, "a string"));
                case TIMESTAMP -> ColumnReader::readTimestamp;
                case BYTES -> ColumnReader::readBytes;
            };
        } else if (type instanceof DataType.Decimal decimal) {
            return parser -> JsonNumbers.readDecimal(parser, decimal);
        } else if (type instanceof DataType.ListOf list) {
            ColumnReader element = of(list.element());
            return parser -> readList(parser, element);
        }
        throw new IllegalArgumentException("No such type: " + type);
    }

    private static Object readBoolean(JsonParser parser) throws IOException, UnfitValueException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw unfit(parser, "true or false");
        };
    }

    private static Object readTimestamp(JsonParser parser) throws IOException, UnfitValueException {
        String text = text(parser, "an ISO-8601 timestamp with a time zone");
        try {
            return Instant.ofEpochMilli(Timestamps.parse(text));
        } catch (DateTimeException e) {
            throw new UnfitValueException(
                    "\"" + Excerpt.of(text) + "\" is not an ISO-8601 timestamp with a time zone, such"
                            + " as 2026-01-31T12:00:00.000Z, in the years 1 to 9999.");
        }
    }

    private static Object readBytes(JsonParser parser) throws IOException, UnfitValueException {
        String text = text(parser, "bytes in base64");
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new UnfitValueException("\"" + Excerpt.of(text) + "\" is not base64: " + e.getMessage() + ".");
        }
    }

    private static Object readList(JsonParser parser, ColumnReader element) throws IOException, UnfitValueException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw unfit(parser, "an array");
        }
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(parser.currentToken() == JsonToken.VALUE_NULL ? null : element.read(parser));
        }
        return elements;
    }

    private static String text(JsonParser parser, String expected) throws IOException, UnfitValueException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unfit(parser, expected);
        }
        return parser.getText();
    }

    /** Names what was found, without reading further. */
    static UnfitValueException unfit(JsonParser parser, String expected) throws IOException {
        String found =
                switch (parser.currentToken()) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "\"" + Excerpt.of(parser.getText()) + "\"";
                    default -> Excerpt.of(parser.getText());
                };
        return new UnfitValueException("expected " + expected + ", but found " + found + ".");
    }
}
