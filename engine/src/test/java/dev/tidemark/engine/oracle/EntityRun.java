package dev.tidemark.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.ViewPlan;
import java.util.ArrayList;
import java.util.List;

/** One entity in an {@link EngineRun}: its state, and what was done to it. */
public final class EntityRun {
    private final String key;
    private final ViewPlan plan;
    private final List<LogEvent> known = new ArrayList<>();
    private final List<FeatureRow> settledRows = new ArrayList<>();
    private EntityState state;
    private long reached = Long.MIN_VALUE;

    EntityRun(String key, ViewPlan plan) {
        this.key = key;
        this.plan = plan;
        this.state = EntityState.create(plan);
    }

    /** The entity as {@link dev.tidemark.engine.JoinKeys} writes it. */
    public String key() {
        return key;
    }

    /** The events that were accepted so far. */
    public List<LogEvent> known() {
        return known;
    }

    /** The rows that were settled so far. */
    public List<FeatureRow> settledRows() {
        return settledRows;
    }

    /** The instant of the provisional row. */
    public long reached() {
        return reached;
    }

    /** The provisional row. */
    public FeatureRow current() {
        return state.current();
    }

    void accept(LogEvent event, InputEvent input) {
        assertThat(state.accept(input)).as("%s is accepted", event).isTrue();
        known.add(event);
        reached = Math.max(reached, event.time() + 1);
    }

    void settle(long instant) {
        long next = state.nextSettlement();
        int before = settledRows.size();
        state.settle(instant, settledRows::add);
        List<FeatureRow> rows = settledRows.subList(before, settledRows.size());
        assertThat(rows)
                .as("rows settled by %s when the next settlement is %s", instant, next)
                .allMatch(row -> row.validFrom() >= next && next != FeatureRow.NEVER && row.validFrom() <= instant);
        assertThat(state.nextSettlement()).as("next settlement").isGreaterThan(Math.min(instant, FeatureRow.NEVER - 1));
        reached = Math.max(reached, instant);
    }

    void advance(long instant) {
        state.advance(instant);
        reached = Math.max(reached, instant);
    }

    void recode() {
        state = EntityState.decode(plan, state.encode());
    }
}
