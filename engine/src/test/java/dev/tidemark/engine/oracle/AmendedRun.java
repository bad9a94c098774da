package dev.tidemark.engine.oracle;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.EventProjector;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.HistoryChanges;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.ViewPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** One entity whose view is amended while events come, with events behind settled rows; states are encoded and decoded in between. */
public final class AmendedRun {
    private final Random random;
    private final SortedMap<Long, Written> history = new TreeMap<>();
    private final List<LogEvent> taken = new ArrayList<>();
    private Lineage lineage;
    private EntityState state;
    private long newest = Long.MIN_VALUE / 4;
    private long settled = Long.MIN_VALUE / 4;

    /**
     * A run before its first event.
     *
     * @param seed of when rows are settled, the clock moves and states are encoded
     */
    public AmendedRun(FeatureView view, long seed) {
        this.random = new Random(seed);
        this.lineage = Lineage.of(view);
        this.state = EntityState.create(lineage.plan());
    }

    /** A row and the plan under which it was written. */
    public record Written(ViewPlan plan, FeatureRow row) {}

    /** Brings events in this order; rows are settled too early for some of them, which are taken in as far as rows can be corrected. */
    public void take(List<LogEvent> events) {
        EventProjector projector = new EventProjector(lineage.plan());
        for (LogEvent event : events) {
            EventProjector.Projection projection = projector.project(event.columns());
            if (projection != null) {
                arrive(event, projection);
            }
        }
    }

    private void arrive(LogEvent event, EventProjector.Projection projection) {
        InputEvent input = new InputEvent(event.time(), event.partition(), event.offset(), projection.inputs());
        if (state.accept(input) || state.correct(input, new Corrections())) {
            taken.add(event);
            newest = Math.max(newest, event.time());
        }
        if (taken.isEmpty()) {
            return;
        }
        if (random.nextInt(3) == 0) {
            state.advance(event.time() + random.nextInt(1 + random.nextInt(100_000)));
        }
        if (random.nextInt(3) == 0) {
            settle(Math.max(settled, event.time() - random.nextInt(1 + random.nextInt(10_000))));
        }
        if (random.nextInt(3) == 0) {
            state = lineage.decode(state.encode());
        }
    }

    /** Whether the run can go on with another definition. */
    public boolean mayBecome(FeatureView view) {
        try {
            Lineage.of(earlier(), view);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private List<Lineage.Earlier> earlier() {
        List<Lineage.Earlier> earlier = new ArrayList<>(lineage.earlier());
        earlier.add(new Lineage.Earlier(lineage.plan().view(), settled, newest));
        return earlier;
    }

    /** Goes on with another definition. */
    public void amend(FeatureView view) {
        byte[] bytes = state.encode();
        lineage = Lineage.of(earlier(), view);
        state = taken.isEmpty() ? EntityState.create(lineage.plan()) : lineage.decode(bytes);
    }

    /** Up to which instant rows were settled when a feature came; less than any for one that was there from the beginning. */
    public long settledBefore(String feature) {
        return lineage.earlier().stream()
                .filter(each -> each.view().feature(feature).isEmpty())
                .mapToLong(Lineage.Earlier::settled)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** Settles all that is still to come. */
    public void drain() {
        if (!taken.isEmpty()) {
            settle(FeatureRow.NEVER);
        }
    }

    private void settle(long instant) {
        settled = instant;
        state.settle(instant, row -> history.put(row.validFrom(), new Written(lineage.plan(), row)));
    }

    /** The plan of the newest definition. */
    public ViewPlan plan() {
        return lineage.plan();
    }

    /** The events that were taken in. */
    public List<LogEvent> taken() {
        return taken;
    }

    /** The provisional row. */
    public FeatureRow current() {
        return state.current();
    }

    /** The settled rows after all corrections, by their {@code validFrom}. */
    public SortedMap<Long, Written> history() {
        return history;
    }

    private final class Corrections implements HistoryChanges {
        @Override
        public void write(FeatureRow row) {
            history.put(row.validFrom(), new Written(lineage.plan(), row));
        }

        @Override
        public void remove(long validFrom) {
            history.remove(validFrom);
        }
    }
}
