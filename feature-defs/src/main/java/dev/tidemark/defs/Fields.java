package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Mapping;
import dev.tidemark.defs.YamlValue.Scalar;
import dev.tidemark.defs.YamlValue.ScalarKind;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a mapping, read one by one. Reports fields that are unknown, given twice, missing or of the wrong YAML type; a
 * method that reported something returns null.
 */
final class Fields {
    private final Place place;
    private final String owner;
    private final Problems problems;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();
    private final Set<String> misspelt = new HashSet<>();
    private boolean unknown;

    private Fields(Mapping mapping, String owner, Collection<String> known, Problems problems) {
        this.place = mapping.place();
        this.owner = owner;
        this.problems = problems;
        for (YamlValue.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                reportUnknown(entry, known);
            } else if (values.putIfAbsent(entry.key(), entry.value()) != null) {
                problems.report(entry.place(), "The field '" + entry.key() + "' is given twice.", "Keep one of them.");
            }
        }
    }

    /**
     * Opens a mapping; null if the value is none.
     *
     * @param owner what the mapping is, with its article, for messages
     */
    static @Nullable Fields of(YamlValue value, String owner, Collection<String> known, Problems problems) {
        if (value instanceof Mapping mapping) {
            return new Fields(mapping, owner, known, problems);
        }
        problems.report(
                value.place(),
                Texts.capital(owner) + " must be a mapping, not " + value.describe() + ".",
                "Its fields are: " + Suggestions.list(known) + ".");
        return null;
    }

    private void reportUnknown(YamlValue.Entry entry, Collection<String> known) {
        unknown = true;
        String meant = Suggestions.closest(entry.key(), known);
        if (meant != null) {
            misspelt.add(meant);
        }
        problems.report(
                entry.place(),
                Texts.capital(owner) + " has no field '" + entry.key() + "'.",
                Suggestions.of(entry.key(), "fields", known));
    }

    Place place() {
        return place;
    }

    /** Whether some field is unknown, which was reported. */
    boolean hasUnknown() {
        return unknown;
    }

    /** Whether an unknown field may be this one misspelt. */
    boolean isMisspelt(String name) {
        return !has(name) && misspelt.contains(name);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The place of a field's value, or of the mapping. */
    Place place(String name) {
        YamlValue value = values.get(name);
        return value == null ? place : value.place();
    }

    /** The text of a scalar as it stands; empty if there is none. */
    String rawText(String name) {
        return values.get(name) instanceof Scalar scalar ? scalar.text() : "";
    }

    @Nullable
    YamlValue optional(String name) {
        YamlValue value = values.get(name);
        if (value instanceof Scalar scalar && scalar.isNull()) {
            problems.report(scalar.place(), "The field '" + name + "' has no value.", "Give it one or leave it out.");
            return null;
        }
        return value;
    }

    @Nullable
    YamlValue required(String name) {
        // A field that was misspelt is not missing.
        if (!has(name) && !isMisspelt(name)) {
            problems.report(place, Texts.capital(owner) + " needs the field '" + name + "'.");
        }
        return optional(name);
    }

    @Nullable
    String requiredText(String name) {
        return text(name, required(name));
    }

    @Nullable
    String optionalText(String name) {
        return text(name, optional(name));
    }

    private @Nullable String text(String name, @Nullable YamlValue value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Scalar scalar && scalar.kind() == ScalarKind.STRING) {
            return scalar.text();
        }
        problems.report(
                value.place(),
                "'" + name + "' must be a text, not " + value.describe() + ".",
                value instanceof Scalar scalar ? "Put it in quotes: \"" + scalar.text() + "\"." : null);
        return null;
    }

    /** A whole number within bounds. */
    @Nullable
    Long integer(String name, @Nullable YamlValue value, long least, long greatest) {
        if (value == null) {
            return null;
        }
        if (value instanceof Scalar scalar && scalar.kind() == ScalarKind.INTEGER) {
            try {
                long number = Long.parseLong(scalar.text());
                if (number >= least && number <= greatest) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Too long for a long, or octal or hexadecimal: refused below.
            }
        }
        problems.report(
                value.place(),
                "'" + name + "' must be a whole number from " + least + " to " + greatest + ", not " + value.describe()
                        + ".");
        return null;
    }

    /** A finite number. */
    @Nullable
    Double number(String name, @Nullable YamlValue value) {
        if (value instanceof Scalar scalar
                && (scalar.kind() == ScalarKind.INTEGER || scalar.kind() == ScalarKind.NUMBER)) {
            try {
                double number = Double.parseDouble(scalar.text());
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // .inf, .nan, octal or hexadecimal: refused below.
            }
        }
        if (value != null) {
            problems.report(value.place(), "'" + name + "' must be a number, not " + value.describe() + ".");
        }
        return null;
    }

    /** A duration of at least {@code least}. */
    @Nullable
    Duration duration(String name, @Nullable YamlValue value, Duration least) {
        if (value == null) {
            return null;
        }
        Duration duration = Texts.duration(name, value, problems);
        if (duration != null && duration.compareTo(least) < 0) {
            problems.report(
                    value.place(),
                    "'" + name + "' must be "
                            + (least.toMillis() <= 1 ? "more than zero" : "at least " + Durations.format(least))
                            + ", not " + ((Scalar) value).text() + ".");
            return null;
        }
        return duration;
    }

    @Nullable
    Duration optionalDuration(String name, Duration least) {
        return duration(name, optional(name), least);
    }

    /** The elements of a list; empty if there is none. */
    List<YamlValue> list(String name, @Nullable YamlValue value) {
        if (value instanceof YamlValue.Sequence sequence) {
            return sequence.elements();
        }
        if (value != null) {
            problems.report(
                    value.place(), "'" + name + "' must be a list, not " + value.describe() + ".", "Write [ ... ].");
        }
        return List.of();
    }

    /** The members of a mapping of names of the author's choice; each name once. */
    List<YamlValue.Entry> members(String name, @Nullable YamlValue value) {
        if (value instanceof Mapping mapping) {
            Map<String, YamlValue.Entry> members = new LinkedHashMap<>();
            for (YamlValue.Entry entry : mapping.entries()) {
                if (members.putIfAbsent(entry.key(), entry) != null) {
                    problems.report(
                            entry.place(),
                            "'" + entry.key() + "' is given twice in '" + name + "'.",
                            "Rename or remove one of them.");
                }
            }
            return List.copyOf(members.values());
        }
        if (value != null) {
            problems.report(value.place(), "'" + name + "' must be a mapping of names, not " + value.describe() + ".");
        }
        return List.of();
    }
}
