package dev.tidemark.defs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The three ways to say how fast an exponential moving average forgets. */
final class Smoothing {
    static final List<String> FIELDS = List.of("span", "wilder", "smoothing");

    private static final long LONGEST_SPAN = 1_000_000;

    private Smoothing() {}

    /**
     * The weight of the newest value, in (0, 1]: {@code 2 / (span + 1)}, {@code 1 / wilder}, or as given.
     *
     * @param owner with its article, for messages
     */
    static @Nullable Double read(String owner, Fields fields, Problems problems) {
        List<String> given = FIELDS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            problems.report(
                    fields.place(),
                    given.isEmpty()
                            ? Texts.capital(owner) + " needs 'span', 'wilder' or 'smoothing'."
                            : Texts.capital(owner) + " takes one of " + String.join(", ", given) + ", not all.",
                    given.isEmpty() ? "Write, for example, span: 12." : "Keep one of them.");
            return null;
        }
        String field = given.get(0);
        if (field.equals("smoothing")) {
            return weight(fields, problems);
        }
        Long length = fields.integer(field, fields.optional(field), 1, LONGEST_SPAN);
        if (length == null) {
            return null;
        }
        return field.equals("span") ? 2.0 / (length + 1) : 1.0 / length;
    }

    private static @Nullable Double weight(Fields fields, Problems problems) {
        YamlValue value = fields.optional("smoothing");
        Double weight = fields.number("smoothing", value);
        if (value != null && weight != null && (weight <= 0 || weight > 1)) {
            problems.report(
                    value.place(), "'smoothing' must be more than 0 and at most 1, not " + value.describe() + ".");
            return null;
        }
        return weight;
    }
}
