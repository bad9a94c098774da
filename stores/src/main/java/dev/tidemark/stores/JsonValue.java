package dev.tidemark.stores;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.defs.DataType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of a {@link DataType} as JSON: long, double and decimal as numbers (a double in its shortest exact form), boolean and
 * string as themselves, timestamp as an ISO-8601 string in UTC, bytes as a Base64 string, a list as an array.
 */
public final class JsonValue {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    /** A decimal must not pass through a double, and a double's negative zero not through a decimal. */
    private static final JsonMapper DECIMAL_JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonValue() {}

    /**
     * Writes a value.
     *
     * @param out should have {@link StreamWriteFeature#USE_FAST_DOUBLE_WRITER} on, for the shortest doubles, and
     *     {@link StreamWriteFeature#WRITE_BIGDECIMAL_AS_PLAIN}, for decimals without exponents
     * @throws ClassCastException if the value is not of the type
     */
    public static void write(DataType type, @Nullable Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (type instanceof DataType.Primitive primitive) {
            writePrimitive(primitive, value, out);
        } else if (type instanceof DataType.Decimal) {
            out.writeNumber((BigDecimal) value);
        } else if (type instanceof DataType.ListOf list) {
            out.writeStartArray();
            for (Object element : (List<?>) value) {
                write(list.element(), element, out);
            }
            out.writeEndArray();
        }
    }

    /** A value as a JSON text in ASCII. */
    static String text(DataType type, @Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(type, value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if the text is not a value of the type
     */
    static @Nullable Object parse(DataType type, String text) {
        try {
            return read(type, (leaf(type) instanceof DataType.Decimal ? DECIMAL_JSON : JSON).readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a " + type.spelling() + " in JSON: " + text, e);
        }
    }

    private static void writePrimitive(DataType.Primitive type, Object value, JsonGenerator out) throws IOException {
        switch (type) {
            case LONG -> out.writeNumber((Long) value);
            case DOUBLE -> out.writeNumber((Double) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING -> out.writeString((String) value);
            case TIMESTAMP -> out.writeString(value.toString());
            case BYTES -> out.writeBinary((byte[]) value);
        }
    }

    private static @Nullable Object read(DataType type, JsonNode node) {
        if (node.isNull()) {
            return null;
        } else if (type instanceof DataType.Primitive primitive) {
            return readPrimitive(primitive, node);
        } else if (type instanceof DataType.Decimal decimal && node.isNumber()) {
            return node.decimalValue().setScale(decimal.scale());
        } else if (type instanceof DataType.ListOf list && node.isArray()) {
            List<@Nullable Object> elements = new ArrayList<>(node.size());
            node.forEach(element -> elements.add(read(list.element(), element)));
            return elements;
        }
        throw new IllegalArgumentException("Not a " + type.spelling() + ": " + node);
    }

    private static Object readPrimitive(DataType.Primitive type, JsonNode node) {
        try {
            return switch (type) {
                case LONG -> expect(node.isIntegralNumber(), type, node).longValue();
                case DOUBLE -> expect(node.isNumber(), type, node).doubleValue();
                case BOOLEAN -> expect(node.isBoolean(), type, node).booleanValue();
                case STRING -> expect(node.isTextual(), type, node).textValue();
                case TIMESTAMP ->
                    Instant.parse(expect(node.isTextual(), type, node).textValue());
                case BYTES -> expect(node.isTextual(), type, node).binaryValue();
            };
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("Not a " + type.spelling() + ": " + node, e);
        }
    }

    private static JsonNode expect(boolean fits, DataType type, JsonNode node) {
        if (!fits) {
            throw new IllegalArgumentException("Not a " + type.spelling() + ": " + node);
        }
        return node;
    }

    private static DataType leaf(DataType type) {
        return type instanceof DataType.ListOf list ? leaf(list.element()) : type;
    }
}
