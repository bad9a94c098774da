package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Scalar;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Small readings that several kinds of definitions share. */
final class Texts {
    private Texts() {}

    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** A duration; null if it is none, which is reported. */
    static @Nullable Duration duration(String name, YamlValue value, Problems problems) {
        if (!(value instanceof Scalar scalar)) {
            problems.report(
                    value.place(),
                    "'" + name + "' must be a duration, not " + value.describe() + ".",
                    "Write it like 10m.");
            return null;
        }
        try {
            return Durations.parse(scalar.text());
        } catch (IllegalArgumentException e) {
            problems.report(value.place(), "'" + name + "': " + e.getMessage());
            return null;
        }
    }

    /** A type; null if it is none, which is reported. */
    static @Nullable DataType type(String name, YamlValue value, Problems problems) {
        if (!(value instanceof Scalar scalar) || scalar.kind() != YamlValue.ScalarKind.STRING) {
            problems.report(
                    value.place(),
                    "The type of '" + name + "' must be a text, not " + value.describe() + ".",
                    "The types are: " + Suggestions.list(DataTypeParser.SPELLINGS) + ".");
            return null;
        }
        try {
            return DataTypeParser.parse(scalar.text());
        } catch (IllegalArgumentException e) {
            problems.report(
                    value.place(), "'" + name + "': " + e.getMessage(), DataTypeParser.suggestion(scalar.text()));
            return null;
        }
    }
}
