package dev.tidemark.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.HistoryChanges;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.ViewPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One entity in an {@link EngineRun}: its state, and what was done to it. */
public final class EntityRun {
    private final String key;
    private final ViewPlan plan;
    private final List<LogEvent> known = new ArrayList<>();
    private final SortedMap<Long, FeatureRow> settledRows = new TreeMap<>();
    private EntityState state;
    private int corrections;
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
        return List.copyOf(settledRows.values());
    }

    /** How many events changed rows that were settled before. */
    int corrections() {
        return corrections;
    }

    /** The instant of the provisional row. */
    public long reached() {
        return reached;
    }

    /** The provisional row. */
    public FeatureRow current() {
        return state.current();
    }

    /** Adds an event, which may correct settled rows; false if it is too far behind for that. */
    boolean accept(LogEvent event, InputEvent input) {
        if (!state.accept(input)) {
            if (!correct(input)) {
                return false;
            }
            corrections++;
        }
        state.advance(reached); // An event from the past may bring change points that time has passed already.
        known.add(event);
        reached = Math.max(reached, event.time() + 1);
        return true;
    }

    private boolean correct(InputEvent input) {
        return state.correct(input, new HistoryChanges() {
            @Override
            public void write(FeatureRow row) {
                assertThat(row.validFrom()).as("a corrected row").isGreaterThan(input.time());
                settledRows.put(row.validFrom(), row);
            }

            @Override
            public void remove(long validFrom) {
                assertThat(settledRows.remove(validFrom))
                        .as("row that is removed at %s", validFrom)
                        .isNotNull();
            }
        });
    }

    void settle(long instant) {
        long next = state.nextSettlement();
        List<FeatureRow> rows = new ArrayList<>();
        state.settle(instant, rows::add);
        long every = every();
        assertThat(rows)
                .as("rows settled by %s when the next settlement is %s", instant, next)
                .allMatch(row -> row.validFrom() > next - Math.max(1, every)
                        && next != FeatureRow.NEVER
                        && row.validFrom() <= instant);
        for (FeatureRow row : rows) {
            assertThat(settledRows.put(row.validFrom(), row))
                    .as("row that is settled again")
                    .isNull();
        }
        assertThat(state.nextSettlement()).as("next settlement").isGreaterThan(Math.min(instant, FeatureRow.NEVER - 1));
        boolean whole = every == 0 || instant == Long.MAX_VALUE;
        reached = Math.max(reached, whole ? instant : Math.floorDiv(instant + 1, every) * every - 1);
    }

    private long every() {
        Duration every = plan.view().history().every();
        return every == null ? 0 : every.toMillis();
    }

    void advance(long instant) {
        state.advance(instant);
        reached = Math.max(reached, instant);
    }

    void recode() {
        state = EntityState.decode(plan, state.encode());
    }
}
