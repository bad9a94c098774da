package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the columns that a view adds to its source's. */
final class ColumnReader {
    private static final List<String> STATEFUL = List.of("lag", "delta", "ema");
    private static final List<String> FIELDS = List.of("lag", "delta", "ema", "span", "wilder", "smoothing");

    private final Scope scope;
    private final Problems problems;
    private final List<Column> columns = new ArrayList<>();

    /**
     * @param scope the source's columns; every column that is read is added to it
     */
    ColumnReader(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** The columns that could be read, in order. */
    List<Column> read(List<YamlValue.Entry> members) {
        List<String> declared = members.stream().map(YamlValue.Entry::key).toList();
        for (int i = 0; i < members.size(); i++) {
            YamlValue.Entry member = members.get(i);
            if (!Names.check("a column", member.key(), member.place(), problems)) {
                scope.add(member.key(), null);
            } else if (scope.has(member.key())) {
                problems.report(
                        member.place(),
                        "The source has a column '" + member.key() + "' already.",
                        "Choose another name.");
            } else {
                Column column = read(member, laterHidden(declared.subList(i, declared.size())));
                scope.add(member.key(), column == null ? null : column.type());
                if (column != null) {
                    columns.add(column);
                }
            }
        }
        return columns;
    }

    private List<String> laterHidden(List<String> later) {
        return later.stream().filter(name -> !scope.has(name)).toList();
    }

    private @Nullable Column read(YamlValue.Entry member, List<String> later) {
        if (member.value() instanceof Scalar) {
            Expression expression = usesLater(member, later)
                    ? null
                    : ExpressionReader.read(member.key(), member.value(), scope, problems);
            return expression == null ? null : new Column.Computed(member.key(), expression);
        }
        Fields fields = Fields.of(member.value(), "the column '" + member.key() + "'", FIELDS, problems);
        return fields == null ? null : stateful(member.key(), fields, later);
    }

    /** Columns are computed in order; one that uses a later one is told so rather than that there is none. */
    private boolean usesLater(YamlValue.Entry member, List<String> later) {
        for (String used : CelCheck.names(((Scalar) member.value()).text())) {
            if (later.contains(used)) {
                reportLater(member.key(), used, member.value().place());
                return true;
            }
        }
        return false;
    }

    private void reportLater(String name, String used, Place place) {
        problems.report(
                place,
                name.equals(used)
                        ? "The column '" + name + "' uses itself."
                        : "The column '" + name + "' uses '" + used + "', which is computed after it.",
                name.equals(used)
                        ? "For its value at the event before, add a column { lag: " + name + " }."
                        : "Put '" + used + "' first.");
    }

    private @Nullable Column stateful(String name, Fields fields, List<String> later) {
        List<String> given = STATEFUL.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            if (fields.hasUnknown()) {
                return null;
            }
            problems.report(
                    fields.place(),
                    "The column '" + name + "' must be a CEL expression, or exactly one of lag, delta and ema.",
                    "Write, for example, { lag: x }.");
            return null;
        }
        String kind = given.get(0);
        @Nullable Double smoothing = null;
        boolean clean = true;
        if (kind.equals("ema")) {
            smoothing = Smoothing.read("the column '" + name + "'", fields, problems);
        } else {
            for (String parameter : Smoothing.FIELDS) {
                if (fields.has(parameter)) {
                    problems.report(
                            fields.place(parameter),
                            "'" + kind + "' has no parameter '" + parameter + "'.",
                            "It belongs to ema.");
                    clean = false;
                }
            }
        }
        String input = fields.optionalText(kind);
        DataType type = input == null ? null : inputType(name, input, fields.place(kind), later);
        if (input == null || type == null || !clean || !acceptable(name, kind, input, type, fields.place(kind))) {
            return null;
        }
        return switch (kind) {
            case "lag" -> new Column.Lag(name, input, type);
            case "delta" -> new Column.Delta(name, input, type);
            default -> smoothing == null ? null : new Column.Ema(name, input, smoothing);
        };
    }

    private @Nullable DataType inputType(String name, String input, Place place, List<String> later) {
        if (!scope.has(input) && later.contains(input)) {
            reportLater(name, input, place);
        } else if (!scope.has(input) && scope.isComplete()) {
            problems.report(
                    place, "There is no column '" + input + "'.", Suggestions.of(input, "columns", scope.names()));
        }
        return scope.type(input);
    }

    private boolean acceptable(String name, String kind, String input, DataType type, Place place) {
        if (kind.equals("lag") || AggregateTypes.isNumber(type)) {
            return true;
        }
        problems.report(
                place,
                "The column '" + name + "' is a " + kind + " and needs a number; '" + input + "' is a "
                        + type.spelling() + ".");
        return false;
    }
}
