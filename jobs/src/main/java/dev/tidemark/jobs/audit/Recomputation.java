package dev.tidemark.jobs.audit;

import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.ViewPlan;
import java.util.ArrayList;
import java.util.List;

/** One entity's rows, computed from its events in their order, from the first to the row in which everything has left. */
final class Recomputation {
    private final ViewPlan plan;
    private final List<InputEvent> events;
    private final List<FeatureRow> rows;

    /**
     * Computes.
     *
     * @param events all that were accepted, in any order, each once
     */
    Recomputation(ViewPlan plan, List<InputEvent> events) {
        this.plan = plan;
        this.events = events.stream().sorted().toList();
        this.rows = rows(this.events);
    }

    /** The rows that all events make, by ascending valid_from. */
    List<FeatureRow> rows() {
        return rows;
    }

    /** The rows that those events make which a position covers. */
    List<FeatureRow> rowsAt(LogPosition position) {
        List<InputEvent> known =
                events.stream().filter(event -> covers(position, event)).toList();
        return known.size() == events.size() ? rows : rows(known);
    }

    /** Of all events, the greatest offset in each partition. */
    LogPosition position() {
        return position(events);
    }

    /** Of the events that a position covers. */
    LogPosition positionWithin(LogPosition position) {
        return position(events.stream().filter(event -> covers(position, event)).toList());
    }

    /** Of the events that a row can know whose valid_from is given. */
    LogPosition positionBefore(long validFrom) {
        return position(
                events.stream().filter(event -> event.time() < validFrom).toList());
    }

    /** Whether one position knows an event of this entity that another does not. */
    boolean knowsMore(LogPosition one, LogPosition other) {
        return events.stream().anyMatch(event -> covers(one, event) && !covers(other, event));
    }

    /** Whether a position knows an event of this entity at an instant or after it. */
    boolean knowsFrom(long instant, LogPosition position) {
        return events.stream().anyMatch(event -> event.time() >= instant && covers(position, event));
    }

    private List<FeatureRow> rows(List<InputEvent> inOrder) {
        EntityState entity = EntityState.create(plan);
        List<FeatureRow> result = new ArrayList<>();
        for (InputEvent event : inOrder) {
            entity.settle(event.time(), result::add);
            if (!entity.accept(event)) {
                throw new IllegalStateException("The engine refuses an event that comes in order: " + event);
            }
        }
        for (long next = entity.nextSettlement(); next != FeatureRow.NEVER; next = entity.nextSettlement()) {
            entity.settle(next, result::add);
        }
        return result;
    }

    private static LogPosition position(List<InputEvent> events) {
        LogPosition position = LogPosition.NONE;
        for (InputEvent event : events) {
            position = position.with(event.partition(), event.offset());
        }
        return position;
    }

    private static boolean covers(LogPosition position, InputEvent event) {
        return position.covers(LogPosition.NONE.with(event.partition(), event.offset()));
    }
}
