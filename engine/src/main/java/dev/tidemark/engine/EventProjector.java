package dev.tidemark.engine;

import dev.tidemark.defs.ExpressionProgram;
import dev.tidemark.defs.FeatureView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a source's event into what one view needs of it: view condition, computed columns, join keys, inputs. Safe for use by
 * many threads.
 */
public final class EventProjector {
    private final ViewPlan plan;
    private final FeatureView view;
    private final @Nullable ExpressionProgram where;

    public EventProjector(ViewPlan plan) {
        this.plan = plan;
        this.view = plan.view();
        this.where = view.where() == null ? null : ExpressionProgram.compile(view.where());
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
        InputProgram.Inputs inputs =
                plan.looksBack() ? travelling(event) : plan.program().evaluate(event, ColumnMemory.empty(List.of()));
        return new Projection(key(event), inputs.values(), inputs.notFinite());
    }

    private InputProgram.Inputs travelling(Map<String, ?> event) {
        @Nullable
        Object[] values = plan.travellingColumns().stream().map(event::get).toArray();
        int notFinite = 0;
        for (int i = 0; i < values.length; i++) {
            if (InputProgram.isNotFinite(values[i])) {
                notFinite++;
                values[i] = null;
            }
        }
        return new InputProgram.Inputs(values, notFinite);
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
     * @param inputs what travels with the event, for {@link InputEvent#inputs()}: the inputs, or, where columns look back on the
     *     events before, the source's columns of which the inputs are made once the event has its place in the order
     * @param notFinite how many columns and inputs were NaN or infinite, and were taken as null; where columns look back, those of the
     *     source alone: {@link EntityState#takeNotFinite} tells of the others
     */
    public record Projection(@Nullable String key, @Nullable Object[] inputs, int notFinite) {}
}
