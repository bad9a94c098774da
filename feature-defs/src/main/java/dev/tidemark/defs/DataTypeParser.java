package dev.tidemark.defs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the spelling of a type. */
final class DataTypeParser {
    static final List<String> SPELLINGS =
            List.of("long", "double", "decimal(p,s)", "boolean", "string", "timestamp", "bytes", "list<...>");

    /** What other languages call the same thing. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("int", "long"),
            Map.entry("int32", "long"),
            Map.entry("int64", "long"),
            Map.entry("integer", "long"),
            Map.entry("bigint", "long"),
            Map.entry("short", "long"),
            Map.entry("float", "double"),
            Map.entry("float64", "double"),
            Map.entry("number", "double"),
            Map.entry("real", "double"),
            Map.entry("bool", "boolean"),
            Map.entry("str", "string"),
            Map.entry("text", "string"),
            Map.entry("varchar", "string"),
            Map.entry("char", "string"),
            Map.entry("datetime", "timestamp"),
            Map.entry("date", "timestamp"),
            Map.entry("time", "timestamp"),
            Map.entry("instant", "timestamp"),
            Map.entry("binary", "bytes"),
            Map.entry("bytea", "bytes"),
            Map.entry("decimal", "decimal(18,2)"),
            Map.entry("numeric", "decimal(18,2)"),
            Map.entry("list", "list<string>"),
            Map.entry("array", "list<string>"));

    private static final Pattern DECIMAL = Pattern.compile("decimal\\(\\s*(\\d{1,4})\\s*,\\s*(\\d{1,4})\\s*\\)");
    private static final Pattern LIST = Pattern.compile("list<(.*)>");
    private static final int DEEPEST_LIST = 8;

    private DataTypeParser() {}

    /**
     * Reads a type.
     *
     * @throws IllegalArgumentException if there is no such type; the message says what is wrong
     */
    static DataType parse(String text) {
        return parse(text.strip(), 0);
    }

    private static DataType parse(String text, int depth) {
        for (DataType.Primitive primitive : DataType.Primitive.values()) {
            if (primitive.spelling().equals(text)) {
                return primitive;
            }
        }
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            return decimal(text, Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        Matcher list = LIST.matcher(text);
        if (list.matches() && depth < DEEPEST_LIST) {
            return new DataType.ListOf(parse(list.group(1).strip(), depth + 1));
        }
        throw new IllegalArgumentException("There is no type '" + text + "'.");
    }

    private static DataType decimal(String text, int precision, int scale) {
        if (precision < 1 || precision > 38 || scale > precision) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a possible type: a decimal has 1 to 38 digits, of which no more are behind the point.");
        }
        return new DataType.Decimal(precision, scale);
    }

    /** What to write instead of a type that does not exist. */
    static @Nullable String suggestion(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher list = LIST.matcher(lower);
        if (list.matches() && !lower.equals("list<...>")) {
            return suggestion(list.group(1));
        }
        if (DECIMAL.matcher(lower).matches()) {
            return null;
        }
        String alias = ALIASES.get(lower);
        return alias != null ? "Did you mean '" + alias + "'?" : Suggestions.of(lower, "types", SPELLINGS);
    }
}
