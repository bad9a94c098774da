package dev.tidemark.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a source's event into what one view needs of it: view condition, computed columns, join keys, inputs. */
public final class EventProjector {
    public EventProjector(ViewPlan plan) {}

    /**
     * Projects one event.
     *
     * @param columns the source's columns by name; nulls may be absent
     * @return null if the view's {@code where} refuses the event
     */
    public @Nullable Projection project(Map<String, ?> columns) {
        return null;
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
