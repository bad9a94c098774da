package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The running totals of every window at one instant that moves forward. */
final class Cursor {
    /** Before every instant that an event may have, and far enough from the ends of a long to calculate with. */
    static final long FAR_PAST = Long.MIN_VALUE / 4;

    final WindowTotal[] windows;
    long instant = FAR_PAST;
    long lastEventTime = FAR_PAST;
    long validFrom = FAR_PAST;
    private final @Nullable Object[] values;

    /**
     * Before all events.
     *
     * @param windows one for each of the plan's
     * @param features how many the view has
     */
    Cursor(WindowTotal[] windows, int features) {
        this.windows = windows;
        this.values = new @Nullable Object[features];
        refresh();
    }

    /** Goes to where another cursor is. */
    void set(Cursor other) {
        for (int i = 0; i < windows.length; i++) {
            windows[i].set(other.windows[i]);
        }
        instant = other.instant;
        lastEventTime = other.lastEventTime;
        validFrom = other.validFrom;
    }

    /** Goes to where another cursor is, which reads by another plan. */
    void takeOver(Cursor other, WindowReader reader, Migration migration) {
        instant = other.instant;
        lastEventTime = other.lastEventTime;
        validFrom = other.validFrom;
        for (int i = 0; i < windows.length; i++) {
            windows[i].tail = windows[i].plan.tail(instant);
            for (int total = 0; total < windows[i].totals.length; total++) {
                Migration.Place place = migration.total(i, total);
                if (place != null) {
                    windows[i].totals[total] = other.windows[place.window()].totals[place.total()];
                } else if (!windows[i].plan.lifetime()) {
                    reader.aggregateOne(windows[i], total, instant);
                }
            }
            windows[i].changed();
        }
    }

    /** Brings the values up to date and says whether any is another than when this was last asked. */
    boolean refresh() {
        boolean differs = false;
        for (WindowTotal window : windows) {
            differs |= window.read(values, instant);
        }
        return differs;
    }

    /** The values, one per feature. */
    List<@Nullable Object> values() {
        refresh();
        return Values.copyOf(values);
    }

    /** How many values are null because what they stand for is beyond their type. */
    int beyondType() {
        refresh();
        int count = 0;
        for (WindowTotal window : windows) {
            count += window.beyondType(values);
        }
        return count;
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = Weight.SMALL;
        for (WindowTotal window : windows) {
            weight += window.weight();
        }
        for (Object value : values) {
            weight += Weight.of(value);
        }
        return weight;
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(instant, out);
        ValueCodec.writeVarLong(lastEventTime, out);
        ValueCodec.writeVarLong(validFrom, out);
        for (WindowTotal window : windows) {
            window.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        instant = ValueCodec.readVarLong(in);
        lastEventTime = ValueCodec.readVarLong(in);
        validFrom = ValueCodec.readVarLong(in);
        for (WindowTotal window : windows) {
            window.read(in);
            window.tail = window.plan.tail(instant);
        }
    }
}
