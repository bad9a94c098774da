package dev.tidemark.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts by value as a JSON object, most frequent first, and under {@link #OTHER}, at the end, all values that found no place.
 * So that a member is never there twice, a string that is spelled like that member is always counted in it.
 */
final class HistogramText {
    static final String OTHER = "\u2026other";

    private static final JsonFactory JSON = new JsonFactory();

    private HistogramText() {}

    /** The object, with at most {@code limit} values of their own; null if there are no values. */
    static @Nullable String of(Distribution counts, int limit) {
        if (counts.isEmpty()) {
            return null;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            long rest = counts.total();
            int listed = 0;
            for (Map.Entry<Object, Long> entry : counts.mostFrequent(limit + 1)) {
                if (listed < limit && !entry.getKey().equals(OTHER)) {
                    json.writeNumberField(name(entry.getKey()), entry.getValue());
                    rest -= entry.getValue();
                    listed++;
                }
            }
            if (rest > 0) {
                json.writeNumberField(OTHER, rest);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String name(Object value) {
        if (value instanceof Double number) {
            // The JDK's text of a double differs between its versions.
            return NumberOutput.toString(number, true);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value.toString();
    }
}
