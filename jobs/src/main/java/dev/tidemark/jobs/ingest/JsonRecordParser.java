package dev.tidemark.jobs.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.defs.DataType;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record that is one JSON object. Fields that are no columns are passed over, whatever they hold, as long as they are JSON. A column that
 * occurs twice makes the record malformed: to take either value would be a guess.
 */
final class JsonRecordParser implements RecordParser {
    // Fields come from outside: their names are neither interned for ever nor allowed to fail the parser by colliding.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final Map<String, ColumnReader> readers = new HashMap<>();

    JsonRecordParser(Map<String, DataType> schema) {
        schema.forEach((name, type) -> readers.put(name, ColumnReader.of(type)));
    }

    @Override
    public Map<String, @Nullable Object> parse(byte[] bytes) throws RefusedException {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed(bytes.length == 0 ? "The value is empty." : "The value is not a JSON object.");
            }
            Map<String, @Nullable Object> columns = readColumns(parser);
            if (parser.nextToken() != null) {
                throw malformed("More follows after the end of the JSON object.");
            }
            return columns;
        } catch (JsonProcessingException e) {
            throw malformed("Not JSON: " + Excerpt.of(e.getOriginalMessage()));
        } catch (IOException e) {
            // Broken UTF-8 comes as a plain IOException; the bytes themselves are in memory.
            throw malformed("Not JSON: " + Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    private Map<String, @Nullable Object> readColumns(JsonParser parser) throws IOException, RefusedException {
        Map<String, @Nullable Object> columns = new HashMap<>(2 * readers.size());
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            ColumnReader reader = readers.get(name);
            if (reader == null) {
                parser.skipChildren();
                continue;
            }
            if (columns.containsKey(name)) {
                throw malformed("Column " + name + " occurs twice.");
            }
            columns.put(name, token == JsonToken.VALUE_NULL ? null : read(reader, name, parser));
        }
        return columns;
    }

    private static Object read(ColumnReader reader, String name, JsonParser parser)
            throws IOException, RefusedException {
        try {
            return reader.read(parser);
        } catch (UnfitValueException e) {
            throw new RefusedException(RefusalReason.WRONG_TYPE, "Column " + name + ": " + e.getMessage());
        }
    }

    private static RefusedException malformed(String detail) {
        return new RefusedException(RefusalReason.MALFORMED, detail);
    }
}
