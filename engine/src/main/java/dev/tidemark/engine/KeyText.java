package dev.tidemark.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON form of single key values. */
final class KeyText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyText() {}

    static void append(Entity entity, String name, @Nullable Object value, StringBuilder text) {
        DataType type = entity.keys().get(name);
        if (type == DataType.STRING && value instanceof String string) {
            text.append('"');
            JsonStringEncoder.getInstance().quoteAsString(string, text);
            text.append('"');
        } else if (type == DataType.LONG && value instanceof Long
                || type == DataType.BOOLEAN && value instanceof Boolean) {
            text.append(value);
        } else if (type == DataType.TIMESTAMP && value instanceof Instant instant) {
            text.append(instant.toEpochMilli());
        } else {
            throw new IllegalArgumentException("Key " + name + " of entity " + entity.name() + " is a "
                    + (type == null ? "missing key" : type.spelling()) + ", but the value is " + value + ".");
        }
    }

    static List<Object> parse(Entity entity, String text) {
        JsonNode array;
        try {
            array = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not the key of an entity: " + text, e);
        }
        List<Object> values = new ArrayList<>();
        int i = 0;
        for (DataType type : entity.keys().values()) {
            values.add(value(type, array.path(i++), text));
        }
        return values;
    }

    private static Object value(DataType type, JsonNode node, String text) {
        if (type == DataType.STRING && node.isTextual()) {
            return node.textValue();
        } else if (type == DataType.LONG && node.isIntegralNumber()) {
            return node.longValue();
        } else if (type == DataType.BOOLEAN && node.isBoolean()) {
            return node.booleanValue();
        } else if (type == DataType.TIMESTAMP && node.isIntegralNumber()) {
            return Instant.ofEpochMilli(node.longValue());
        }
        throw new IllegalArgumentException("A " + type.spelling() + " key does not read " + node + ": " + text);
    }
}
