package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.ExpressionProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a view's inputs of an event's columns: computes the view's columns in order, then conditions. Safe for many threads. */
final class InputProgram {
    private final List<Column> columns;
    private final List<ViewPlan.Input> inputs;
    private final Map<String, ExpressionProgram> computed = new LinkedHashMap<>();
    private final List<@Nullable ExpressionProgram> conditions = new ArrayList<>();

    InputProgram(List<Column> columns, List<ViewPlan.Input> inputs) {
        this.columns = columns;
        this.inputs = inputs;
        for (Column column : columns) {
            if (column instanceof Column.Computed program) {
                computed.put(column.name(), ExpressionProgram.compile(program.expression()));
            }
        }
        for (ViewPlan.Input input : inputs) {
            conditions.add(input.where() == null ? null : ExpressionProgram.compile(input.where()));
        }
    }

    /**
     * What an event gives to the aggregates.
     *
     * @param values one per input
     * @param notFinite how many columns and inputs were NaN or infinite, and were taken as null
     */
    record Inputs(@Nullable Object[] values, int notFinite) {}

    /**
     * The inputs of one event.
     *
     * @param event the source's columns by name; nulls may be absent
     * @param memory of the entity's event before; it then remembers this one
     */
    Inputs evaluate(Map<String, ?> event, ColumnMemory memory) {
        Map<String, @Nullable Object> values = new HashMap<>(event);
        int notFinite = 0;
        for (Column column : columns) {
            ExpressionProgram program = computed.get(column.name());
            Object value = program == null ? memory.next(column, values) : program.evaluate(values);
            notFinite += isNotFinite(value) ? 1 : 0;
            values.put(column.name(), isNotFinite(value) ? null : value);
        }
        @Nullable Object[] result = new @Nullable Object[inputs.size()];
        for (int i = 0; i < result.length; i++) {
            ExpressionProgram condition = conditions.get(i);
            if (condition == null || Boolean.TRUE.equals(condition.evaluate(values))) {
                String column = inputs.get(i).column();
                Object value = column == null ? Boolean.TRUE : values.get(column);
                notFinite += isNotFinite(value) ? 1 : 0;
                result[i] = isNotFinite(value) ? null : value;
            }
        }
        return new Inputs(result, notFinite);
    }

    /** Whether a value is a NaN or an infinity, which is no value. */
    static boolean isNotFinite(@Nullable Object value) {
        return value instanceof Double number && !Double.isFinite(number);
    }
}
