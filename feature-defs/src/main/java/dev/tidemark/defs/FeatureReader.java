package dev.tidemark.defs;

import dev.tidemark.defs.Aggregate.Plain;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one declaration of features: one aggregate over any number of windows. */
final class FeatureReader {
    private static final List<String> FIELDS = Stream.concat(
                    Stream.of("name", "aggregate", "column", "windows", "where", "default", "description"),
                    AggregateReader.allParameters().stream())
            .toList();

    private final Fields fields;
    private final Scope columns;
    private final Problems problems;

    private FeatureReader(Fields fields, Scope columns, Problems problems) {
        this.fields = fields;
        this.columns = columns;
        this.problems = problems;
    }

    /**
     * Reads a declaration.
     *
     * @param columns the columns of the view's events
     * @param outputs takes the names of the features
     * @return the features; none if something is wrong with them, which is reported
     */
    static List<Feature> read(YamlValue value, Scope columns, Outputs outputs, Problems problems) {
        Fields fields = Fields.of(value, "a feature", FIELDS, problems);
        if (fields == null) {
            outputs.markIncomplete();
            return List.of();
        }
        return new FeatureReader(fields, columns, problems).read(outputs);
    }

    private List<Feature> read(Outputs outputs) {
        String base = fields.requiredText("name");
        boolean named = base != null && Names.checkForm("a feature", base, fields.place("name"), problems);
        List<AggregateReader.Named> aggregates = AggregateReader.read(fields, problems);
        List<WindowReader.Named> windows = windows();
        String column = column(aggregates);
        Expression where = where();
        String description = fields.optionalText("description");
        if (base == null || !named || windows.isEmpty() || aggregates.isEmpty() || fields.isMisspelt("windows")) {
            outputs.markIncomplete();
            return List.of();
        }
        Aggregate first = aggregates.get(0).aggregate();
        DataType type = AggregateTypes.output(first, column == null ? null : columns.type(column));
        Serializable ifEmpty = defaultValue(first, type);
        List<Feature> features = new ArrayList<>();
        Map<String, @Nullable DataType> names = new LinkedHashMap<>();
        for (WindowReader.Named window : windows) {
            for (AggregateReader.Named aggregate : aggregates) {
                String name = name(base, window.suffix(), aggregate.suffix());
                if (names.containsKey(name)) {
                    reportSameName(name, window.place());
                } else if (type != null) {
                    features.add(new Feature(
                            name, type, aggregate.aggregate(), column, window.window(), where, ifEmpty, description));
                }
                names.put(name, type);
            }
        }
        return outputs.add("a feature", names, fields.place("name")) ? features : List.of();
    }

    private void reportSameName(String name, Place place) {
        problems.report(place, "Two windows of this feature are named '" + name + "'.", "Name one with 'as'.");
    }

    private @Nullable Expression where() {
        YamlValue condition = fields.optional("where");
        return condition == null ? null : ExpressionReader.condition("where", condition, columns, problems);
    }

    private static String name(String base, String window, String aggregate) {
        return base + (window.isEmpty() ? "" : "_" + window) + (aggregate.isEmpty() ? "" : "_" + aggregate);
    }

    /** The windows, the lifetime if none is given; empty if one is broken. */
    private List<WindowReader.Named> windows() {
        if (!fields.has("windows")) {
            if (fields.rawText("aggregate").equals("rate") && !fields.isMisspelt("windows")) {
                problems.report(fields.place(), "A rate needs 'windows': a lifetime has no length to divide by.");
                return List.of();
            }
            return List.of(new WindowReader.Named("", new Window.Lifetime(), fields.place()));
        }
        YamlValue value = fields.optional("windows");
        List<YamlValue> elements = fields.list("windows", value);
        if (value instanceof YamlValue.Sequence && elements.isEmpty()) {
            problems.report(
                    value.place(), "'windows' is empty.", "Leave it out for a feature of the entity's lifetime.");
        }
        List<WindowReader.Named> windows = new ArrayList<>();
        for (YamlValue element : elements) {
            windows.add(WindowReader.read(element, problems));
        }
        return windows.stream().allMatch(Objects::nonNull) ? windows : List.of();
    }

    private @Nullable String column(List<AggregateReader.Named> aggregates) {
        if (aggregates.isEmpty()) {
            return fields.optionalText("column");
        }
        Aggregate aggregate = aggregates.get(0).aggregate();
        String column = AggregateTypes.columnIsOptional(aggregate)
                ? fields.optionalText("column")
                : fields.requiredText("column");
        if (column == null) {
            return null;
        }
        if (!columns.has(column) && columns.isComplete()) {
            problems.report(
                    fields.place("column"),
                    "There is no column '" + column + "'.",
                    Suggestions.of(column, "columns", columns.names()));
        }
        DataType type = columns.type(column);
        String needed = type == null ? null : AggregateTypes.missing(aggregate, type);
        if (type != null && needed != null) {
            problems.report(
                    fields.place("column"),
                    "The aggregate " + aggregate.spelling() + " needs " + needed + "; '" + column + "' is a "
                            + type.spelling() + ".");
        }
        return column;
    }

    private @Nullable Serializable defaultValue(Aggregate aggregate, @Nullable DataType type) {
        YamlValue value = fields.optional("default");
        if (value == null || type == null) {
            return null;
        }
        Serializable read = DefaultReader.read(value, type, problems);
        if (aggregate == Plain.COUNT || aggregate == Plain.COUNT_DISTINCT) {
            if (read != null && !read.equals(0L)) {
                problems.report(value.place(), "The count of nothing is 0, never " + read + ".", "Remove the default.");
            }
            return null;
        }
        return read;
    }
}
