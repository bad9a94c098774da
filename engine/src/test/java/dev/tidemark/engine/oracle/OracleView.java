package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.ExpressionProgram;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a view makes of the events of its source. */
final class OracleView {
    private final FeatureView view;
    private final Map<Expression, ExpressionProgram> programs = new HashMap<>();

    OracleView(FeatureView view) {
        this.view = view;
    }

    FeatureView view() {
        return view;
    }

    /** The source's columns and the computed ones; null if the view refuses the event. */
    @Nullable
    Map<String, @Nullable Object> columns(LogEvent event) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        event.columns().forEach((name, value) -> columns.put(name, finite(value)));
        if (!holds(view.where(), columns)) {
            return null;
        }
        for (Column column : view.columns()) {
            if (!(column instanceof Column.Computed computed)) {
                throw new UnsupportedOperationException("The oracle cannot compute the column " + column + " yet.");
            }
            columns.put(column.name(), finite(evaluate(computed.expression(), columns)));
        }
        return columns;
    }

    /** The entity as {@link JoinKeys} writes it; empty if a join key is null. */
    Optional<String> key(Map<String, @Nullable Object> columns) {
        List<Object> values = new ArrayList<>();
        for (String name : view.entity().keyNames()) {
            Object value = columns.get(name);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Optional.of(JoinKeys.encode(view.entity(), values));
    }

    /** The event as the features see it. */
    ViewEvent event(LogEvent event, Map<String, @Nullable Object> columns) {
        List<@Nullable Object> inputs = new ArrayList<>();
        for (Feature feature : view.features()) {
            if (!holds(feature.where(), columns)) {
                inputs.add(null);
            } else if (feature.column() == null) {
                inputs.add(event);
            } else {
                inputs.add(columns.get(feature.column()));
            }
        }
        return new ViewEvent(event.time(), event.partition(), event.offset(), Collections.unmodifiableList(inputs));
    }

    /** The type of the column that a feature aggregates. */
    DataType inputType(Feature feature) {
        for (Column column : view.columns()) {
            if (column.name().equals(feature.column())) {
                return column.type();
            }
        }
        DataType type = view.source().schema().get(feature.column());
        return type == null ? DataType.BOOLEAN : type;
    }

    private boolean holds(@Nullable Expression condition, Map<String, @Nullable Object> columns) {
        return condition == null || Boolean.TRUE.equals(evaluate(condition, columns));
    }

    private @Nullable Object evaluate(Expression expression, Map<String, @Nullable Object> columns) {
        return programs.computeIfAbsent(expression, ExpressionProgram::compile).evaluate(columns);
    }

    private static @Nullable Object finite(@Nullable Object value) {
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }
}
