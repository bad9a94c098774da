package dev.tidemark.engine;

import dev.tidemark.engine.WindowPlan.FeaturePlan;
import dev.tidemark.engine.WindowPlan.TotalPlan;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The running totals of one window at the instant of a cursor. */
final class WindowTotal {
    private static final long UNKNOWN = Long.MIN_VALUE;

    final WindowPlan plan;
    final Accumulator[] totals;
    final Sequence.Place place; // Of the oldest slice that is inside, as far as it was looked for.
    long tail = Cursor.FAR_PAST;
    private long exit = UNKNOWN;
    private boolean changed = true; // Since the values were read.
    private boolean hid; // Whether some feature had no value then because events are lacking.

    WindowTotal(WindowPlan plan, Sequence.Place place) {
        this.plan = plan;
        this.place = place;
        this.totals = new Accumulator[plan.totals().size()];
        clear();
    }

    void clear() {
        for (int i = 0; i < totals.length; i++) {
            totals[i] = plan.totals().get(i).type().create();
        }
        changed = true;
    }

    void set(WindowTotal other) {
        clear();
        for (int i = 0; i < totals.length; i++) {
            totals[i].merge(other.totals[i]);
        }
        tail = other.tail;
        place.set(other.place);
        exit = other.exit;
    }

    void add(InputEvent event) {
        List<TotalPlan> plans = plan.totals();
        for (int i = 0; i < totals.length; i++) {
            Object value = event.inputs()[plans.get(i).input()];
            if (value != null) {
                totals[i].add(value, event);
                changed = true;
            }
        }
    }

    /** When the oldest slice leaves, of those that are inside; {@link FeatureRow#NEVER} if there is none. */
    long exit(Sequence<Slice> slices) {
        if (exit == UNKNOWN) {
            Slice slice = slices.first(place, tail);
            if (slice == null) {
                return FeatureRow.NEVER; // Not remembered, as one may come.
            }
            exit = plan.exit(slice.start());
        }
        return exit;
    }

    /** Forgets which slice leaves next. */
    void moved() {
        exit = UNKNOWN;
    }

    void changed() {
        changed = true;
    }

    /** Writes the values at an instant of the features that may have changed, and says whether any did. */
    boolean read(@Nullable Object[] values, long instant) {
        if (!changed && !hid) {
            return false;
        }
        changed = false;
        hid = plan.hidesAny(instant);
        boolean differs = false;
        for (FeaturePlan feature : plan.features()) {
            Object value = hid && plan.hides(feature, instant) ? null : feature.value(totals[feature.total()]);
            differs = differs || !ValueEquality.same(value, values[feature.index()]);
            values[feature.index()] = value;
        }
        return differs;
    }

    /**
     * How many values are null because what they stand for is beyond their type.
     *
     * @param values as {@link #read} last wrote them
     */
    int beyondType(@Nullable Object[] values) {
        int count = 0;
        for (FeaturePlan feature : plan.features()) {
            if (values[feature.index()] == null && feature.isBeyondType(totals[feature.total()])) {
                count++;
            }
        }
        return count;
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = Weight.SMALL;
        for (Accumulator total : totals) {
            weight += total.weight();
        }
        return weight;
    }

    void write(DataOutput out) throws IOException {
        for (Accumulator total : totals) {
            total.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        for (int i = 0; i < totals.length; i++) {
            totals[i] = plan.totals().get(i).type().read(in);
        }
        changed = true;
    }
}
