package dev.tidemark.engine.oracle;

import dev.tidemark.engine.FeatureRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows as texts that are equal if and only if the rows are, to the last bit of a double and the last byte. */
public final class RowText {
    private RowText() {}

    /** A whole row. */
    public static String of(FeatureRow row) {
        return ofSettled(row) + " until " + (row.validUntil() == FeatureRow.NEVER ? "never" : row.validUntil());
    }

    /** A row without its {@code validUntil}, which says nothing in a history. */
    public static String ofSettled(FeatureRow row) {
        return row.validFrom() + ": " + values(row.values()) + " last " + row.lastEventTime();
    }

    /** Rows without their {@code validUntil}. */
    public static List<String> ofSettled(List<FeatureRow> rows) {
        return rows.stream().map(RowText::ofSettled).toList();
    }

    /** Values with their types. */
    public static String values(List<@Nullable Object> values) {
        return values.stream().map(RowText::value).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String value(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof byte[] bytes) {
            return "bytes " + Arrays.toString(bytes);
        }
        if (value instanceof List<?> list) {
            return "list " + values(new ArrayList<>(list));
        }
        // The text of a double is one of its own: no other double has it, and minus zero has its sign.
        return value.getClass().getSimpleName() + " " + value;
    }
}
