package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.ExpressionProgram;
import dev.tidemark.defs.FeatureView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a source's event into what one view needs of it: view condition, computed columns, join keys, inputs. Safe for use by
 * many threads.
 */
public final class EventProjector {
    private final FeatureView view;
    private final List<ViewPlan.Input> inputs;
    private final @Nullable ExpressionProgram where;
    private final Map<String, ExpressionProgram> columns = new LinkedHashMap<>();
    private final List<@Nullable ExpressionProgram> conditions = new ArrayList<>();

    public EventProjector(ViewPlan plan) {
        this.view = plan.view();
        this.inputs = plan.inputs();
        this.where = view.where() == null ? null : ExpressionProgram.compile(view.where());
        for (Column column : view.columns()) {
            columns.put(column.name(), ExpressionProgram.compile(((Column.Computed) column).expression()));
        }
        for (ViewPlan.Input input : inputs) {
            conditions.add(input.where() == null ? null : ExpressionProgram.compile(input.where()));
        }
    }

    /**
     * Projects one event.
     *
     * @param event the source's columns by name; nulls may be absent
     * @return null if the view's {@code where} refuses the event
     */
    public @Nullable Projection project(Map<String, ?> event) {
        if (where != null && !Boolean.TRUE.equals(where.evaluate(event))) {
            return null;
        }
        Map<String, @Nullable Object> values = new HashMap<>(event);
        columns.forEach((name, program) -> values.put(name, program.evaluate(values)));
        @Nullable Object[] result = new @Nullable Object[inputs.size()];
        int notFinite = 0;
        for (int i = 0; i < result.length; i++) {
            Object value = input(i, values);
            if (value instanceof Double number && !Double.isFinite(number)) {
                notFinite++;
            } else {
                result[i] = value;
            }
        }
        return new Projection(key(event), result, notFinite);
    }

    private @Nullable Object input(int index, Map<String, @Nullable Object> values) {
        ExpressionProgram condition = conditions.get(index);
        if (condition != null && !Boolean.TRUE.equals(condition.evaluate(values))) {
            return null;
        }
        String column = inputs.get(index).column();
        return column == null ? Boolean.TRUE : values.get(column);
    }

    private @Nullable String key(Map<String, ?> event) {
        List<Object> keys = new ArrayList<>();
        for (String name : view.entity().keys().keySet()) {
            Object value = event.get(name);
            if (value == null) {
                return null;
            }
            keys.add(value);
        }
        return JoinKeys.encode(view.entity(), keys);
    }

    /**
     * What is left of an event.
     *
     * @param key the entity, as {@link JoinKeys} writes it; null if a join key is null
     * @param inputs for {@link InputEvent#inputs()}
     * @param notFinite how many inputs were NaN or infinite and were taken as null
     */
    public record Projection(@Nullable String key, @Nullable Object[] inputs, int notFinite) {}
}
