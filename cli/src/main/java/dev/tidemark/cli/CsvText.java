package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values as fields of a CSV file: null is an empty field and an empty string is {@code ""}; doubles are the shortest text that
 * reads as the same double; timestamps are ISO-8601 in UTC with milliseconds; bytes are Base64; lists are JSON.
 */
final class CsvText {
    private static final DateTimeFormatter ISO_MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private CsvText() {}

    static String line(List<? extends @Nullable Object> values) {
        return values.stream().map(CsvText::field).collect(Collectors.joining(","));
    }

    static String instant(long epochMillis) {
        return ISO_MILLIS.format(Instant.ofEpochMilli(epochMillis));
    }

    static String field(@Nullable Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof Double number) {
            // Not Double.toString, which before JDK 19 sometimes printed more digits than it takes.
            return NumberOutput.toString(number, true);
        } else if (value instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (value instanceof Instant instant) {
            return ISO_MILLIS.format(instant);
        } else if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        } else if (value instanceof List<?> list) {
            return quoted(json(list));
        } else if (value instanceof String text) {
            return text.isEmpty() || text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0) ? quoted(text) : text;
        }
        return value.toString();
    }

    private static String json(List<?> list) {
        List<@Nullable Object> plain = new ArrayList<>();
        for (Object element : list) {
            plain.add(element instanceof Instant instant ? ISO_MILLIS.format(instant) : element);
        }
        try {
            return JSON.writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A list of plain values has a JSON form.", e);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
