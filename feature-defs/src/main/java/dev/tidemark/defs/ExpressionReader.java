package dev.tidemark.defs;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.tidemark.defs.YamlValue.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads expressions and checks them against what is in their reach. */
final class ExpressionReader {
    private ExpressionReader() {}

    /**
     * Reads an expression.
     *
     * @param name the field or column it belongs to, for messages
     * @return null if it is broken, which is reported, or if it hangs on something that is
     */
    static @Nullable Expression read(String name, YamlValue value, Scope scope, Problems problems) {
        if (!(value instanceof Scalar scalar) || scalar.isNull()) {
            problems.report(
                    value.place(),
                    "'" + name + "' must be a CEL expression, not " + value.describe() + ".",
                    "Put it in quotes.");
            return null;
        }
        CelCheck check = CelCheck.of(scalar.text(), scope);
        for (CelCheck.Issue issue : check.issues()) {
            problems.report(
                    scalar.layout().at(issue.line(), issue.column()),
                    "'" + name + "': " + issue.message(),
                    issue.suggestion());
        }
        if (check.tree() == null) {
            return null;
        }
        DataType type = CelLanguage.dataType(check.type());
        boolean allKnown = check.columns().stream().allMatch(column -> scope.type(column) != null);
        if (type == null && allKnown) {
            reportNoColumnType(name, scalar, check.type(), problems);
        }
        if (type == null || !allKnown) {
            return null;
        }
        Map<String, DataType> used = new LinkedHashMap<>();
        for (String column : check.columns()) {
            DataType columnType = scope.type(column);
            if (columnType != null) {
                used.put(column, columnType);
            }
        }
        return new Expression(scalar.text().strip(), type, used);
    }

    /** As {@link #read}; anything but a boolean is reported. */
    static @Nullable Expression condition(String name, YamlValue value, Scope scope, Problems problems) {
        Expression expression = read(name, value, scope, problems);
        if (expression != null && expression.type() != DataType.BOOLEAN) {
            problems.report(
                    value.place(),
                    "'" + name + "' must be a condition, but '" + expression.text() + "' is a "
                            + expression.type().spelling() + ".",
                    "Compare it with something, for example x > 0.");
            return null;
        }
        return expression;
    }

    private static void reportNoColumnType(String name, Scalar scalar, CelType type, Problems problems) {
        String spelling = CelMessages.types(type.name());
        String suggestion = null;
        if (type.equals(SimpleType.DURATION)) {
            suggestion = "Take its seconds: (...).getSeconds().";
        } else if (type.equals(SimpleType.UINT)) {
            suggestion = "Convert it: int(...).";
        } else if (type.equals(CelLanguage.DECIMAL)) {
            suggestion = "Convert it: double(...).";
        }
        problems.report(
                scalar.place(),
                "'" + name + "' has a value of the type " + spelling + ", which an expression cannot return.",
                suggestion);
    }
}
