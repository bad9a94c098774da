package dev.tidemark.serving;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an entity's join keys from the values of a request. */
final class KeyReader {
    private KeyReader() {}

    /**
     * The join key values of every row, in the order of the entity's definition.
     *
     * @throws ApiException if a join key is missing or a value is not of its type
     */
    static List<List<Object>> read(Entity entity, EntityTable table) {
        for (String key : entity.keyNames()) {
            if (!table.columns().containsKey(key)) {
                throw ApiException.unprocessable(
                        "entities lacks the join key '" + key + "' of the entity " + entity.name()
                                + ", which has: " + Names.list(entity.keyNames()) + ". It was given: "
                                + Shown.text(Names.list(table.columns().keySet())) + ".");
            }
        }
        List<List<Object>> rows = new ArrayList<>(table.rows());
        for (int i = 0; i < table.rows(); i++) {
            rows.add(row(entity, table, i));
        }
        return rows;
    }

    private static List<Object> row(Entity entity, EntityTable table, int index) {
        List<Object> values = new ArrayList<>();
        entity.keys().forEach((key, type) -> {
            JsonNode node = table.columns().getOrDefault(key, List.of()).get(index);
            Object value = value(type, node);
            if (value == null) {
                throw ApiException.unprocessable("The join key '" + key + "' of the entity " + entity.name() + " is "
                        + wanted(type) + ", but in row " + index + " it is " + Shown.json(node) + ".");
            }
            values.add(value);
        });
        return values;
    }

    private static @Nullable Object value(DataType type, JsonNode node) {
        if (type == DataType.LONG) {
            return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
        } else if (type == DataType.STRING) {
            return node.isTextual() && isText(node.textValue()) ? node.textValue() : null;
        } else if (type == DataType.BOOLEAN) {
            return node.isBoolean() ? node.booleanValue() : null;
        }
        return node.isTextual() ? instant(node.textValue()) : null;
    }

    /** Half of a surrogate pair is no character: in UTF-8 it would become a question mark, and so another entity. */
    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static String wanted(DataType type) {
        if (type == DataType.LONG) {
            return "a whole number of 64 bits";
        } else if (type == DataType.STRING) {
            return "a string";
        } else if (type == DataType.BOOLEAN) {
            return "true or false";
        }
        return "an instant such as \"2026-01-31T12:00:00Z\"";
    }
}
