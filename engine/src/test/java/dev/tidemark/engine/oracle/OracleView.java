package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.ExpressionProgram;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** The source's columns; null if the view refuses the event. */
    @Nullable
    Map<String, @Nullable Object> columns(LogEvent event) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        event.columns().forEach((name, value) -> columns.put(name, finite(value)));
        return holds(view.where(), columns) ? columns : null;
    }

    /**
     * The events of one entity as the features see them.
     *
     * @param events none of which the view refuses, in any order
     */
    List<ViewEvent> events(List<LogEvent> events) {
        List<ViewEvent> result = new ArrayList<>();
        List<Map<String, @Nullable Object>> before = new ArrayList<>();
        for (LogEvent event : events.stream().sorted(LogEvent.ORDER).toList()) {
            Map<String, @Nullable Object> columns = Objects.requireNonNull(columns(event));
            for (Column column : view.columns()) {
                columns.put(column.name(), finite(value(column, columns, before)));
            }
            before.add(columns);
            result.add(event(event, columns));
        }
        return result;
    }

    /** A column's value at an event, given the columns of all of the entity's events before. */
    private @Nullable Object value(
            Column column, Map<String, @Nullable Object> columns, List<Map<String, @Nullable Object>> before) {
        if (column instanceof Column.Computed computed) {
            return evaluate(computed.expression(), columns);
        } else if (before.isEmpty()) {
            return column instanceof Column.Ema ema ? asDouble(columns.get(ema.column())) : null;
        }
        Map<String, @Nullable Object> last = before.get(before.size() - 1);
        if (column instanceof Column.Lag lag) {
            return last.get(lag.column());
        } else if (column instanceof Column.Delta delta) {
            return difference(columns.get(delta.column()), last.get(delta.column()), delta.type());
        }
        Column.Ema ema = (Column.Ema) column;
        Double x = asDouble(columns.get(ema.column()));
        Double average = (Double) last.get(ema.name());
        if (x == null || average == null) {
            return x == null ? average : x;
        }
        double k = ema.smoothing();
        return x * k + average * (1 - k);
    }

    private static @Nullable Object difference(@Nullable Object now, @Nullable Object before, DataType type) {
        if (now == null || before == null) {
            return null;
        } else if (now instanceof Double x) {
            return x - (Double) before;
        }
        BigDecimal difference = new BigDecimal(now.toString()).subtract(new BigDecimal(before.toString()));
        if (type instanceof DataType.Decimal decimal) {
            BigDecimal beyond = BigDecimal.TEN.pow(decimal.precision() - decimal.scale());
            return difference.abs().compareTo(beyond) < 0 ? difference : null;
        }
        return difference.toBigInteger().bitLength() < Long.SIZE ? (Object) difference.longValueExact() : null;
    }

    private static @Nullable Double asDouble(@Nullable Object value) {
        return value == null ? null : (Double) ((Number) value).doubleValue();
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

    private ViewEvent event(LogEvent event, Map<String, @Nullable Object> columns) {
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
