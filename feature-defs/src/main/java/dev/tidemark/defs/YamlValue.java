package dev.tidemark.defs;

import java.util.List;

/** A YAML value with its place, aliases resolved. */
sealed interface YamlValue {
    Place place();

    /** What it is, for a message: {@code a list}, {@code the number 5}. */
    String describe();

    /** How YAML reads a scalar. */
    enum ScalarKind {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * A text, number, boolean or null.
     *
     * @param text without quotes and escapes
     * @param layout where the characters of the text stand
     */
    record Scalar(Place place, String text, ScalarKind kind, ScalarLayout layout) implements YamlValue {
        @Override
        public String describe() {
            return switch (kind) {
                case STRING -> "the text '" + Scalar.shorten(text) + "'";
                case INTEGER, NUMBER -> "the number " + text;
                case BOOLEAN -> "the boolean " + text;
                case NULL -> "nothing";
            };
        }

        boolean isNull() {
            return kind == ScalarKind.NULL;
        }

        private static String shorten(String text) {
            String line = text.strip().lines().findFirst().orElse("");
            return line.length() <= 60 ? line : line.substring(0, 57) + "...";
        }
    }

    /** A list. */
    record Sequence(Place place, List<YamlValue> elements) implements YamlValue {
        @Override
        public String describe() {
            return "a list";
        }
    }

    /** A mapping as written, duplicate keys included. */
    record Mapping(Place place, List<Entry> entries) implements YamlValue {
        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /** One member of a mapping. */
    record Entry(Place place, String key, YamlValue value) {}
}
