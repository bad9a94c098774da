package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the derived features of a view and puts each behind those it uses. */
final class DerivedReader {
    private static final List<String> FIELDS = List.of("name", "expr", "type", "description");

    private final Outputs outputs;
    private final Problems problems;

    /**
     * @param outputs the join keys and features of the view; the derived features are added
     */
    DerivedReader(Outputs outputs, Problems problems) {
        this.outputs = outputs;
        this.problems = problems;
    }

    private record Declared(Fields fields, @Nullable String name, @Nullable DataType type) {}

    /** The derived features that could be read, in an order in which each uses only earlier ones. */
    List<DerivedFeature> read(List<YamlValue> values) {
        List<Declared> declared = new ArrayList<>();
        for (YamlValue value : values) {
            Fields fields = Fields.of(value, "a derived feature", FIELDS, problems);
            if (fields == null) {
                outputs.markIncomplete();
            } else {
                declared.add(declare(fields));
            }
        }
        Scope scope = outputs.scope().copy();
        scope.add("now", DataType.TIMESTAMP);
        scope.add("last_event_time", DataType.TIMESTAMP);
        Map<String, DerivedFeature> read = new LinkedHashMap<>();
        Map<String, Place> places = new TreeMap<>();
        for (Declared each : declared) {
            DerivedFeature feature = feature(each, scope);
            if (feature != null) {
                read.put(feature.name(), feature);
                places.put(feature.name(), each.fields().place("name"));
            }
        }
        return new DerivedOrder(read, places, problems).sorted();
    }

    private Declared declare(Fields fields) {
        String name = fields.requiredText("name");
        YamlValue spelling = fields.required("type");
        DataType type = spelling == null ? null : Texts.type("type", spelling, problems);
        if (name == null) {
            outputs.markIncomplete();
            return new Declared(fields, null, type);
        }
        Map<String, @Nullable DataType> names = new LinkedHashMap<>();
        names.put(name, type);
        boolean free = outputs.add("a derived feature", names, fields.place("name"));
        return new Declared(fields, free ? name : null, type);
    }

    private @Nullable DerivedFeature feature(Declared declared, Scope scope) {
        Fields fields = declared.fields();
        String description = fields.optionalText("description");
        YamlValue value = fields.required("expr");
        String label = declared.name() == null ? "expr" : declared.name();
        Expression expression = value == null ? null : ExpressionReader.read(label, value, scope, problems);
        if (value == null || expression == null || declared.type() == null || declared.name() == null) {
            return null;
        }
        if (!expression.type().equals(declared.type())) {
            problems.report(
                    value.place(),
                    "'" + label + "' is declared as " + declared.type().spelling() + ", but its expression is a "
                            + expression.type().spelling() + ".",
                    "Write type: " + expression.type().spelling() + ", or convert the expression.");
            return null;
        }
        return new DerivedFeature(declared.name(), declared.type(), expression, description);
    }
}
