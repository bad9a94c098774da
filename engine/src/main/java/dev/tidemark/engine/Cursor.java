package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running total of every feature at one instant that moves forward. */
final class Cursor {
    /** Before every instant that an event may have, and far enough from the ends of a long to calculate with. */
    static final long FAR_PAST = Long.MIN_VALUE / 4;

    private final ViewPlan plan;
    final Accumulator[] totals;
    long instant = FAR_PAST;
    long lastEventTime = FAR_PAST;
    long validFrom = FAR_PAST;

    Cursor(ViewPlan plan) {
        this.plan = plan;
        this.totals = new Accumulator[plan.features().size()];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = plan.features().get(i).accumulator().create();
        }
    }

    /** Goes back to where another cursor is. */
    void reset(Cursor other) {
        for (int i = 0; i < totals.length; i++) {
            totals[i] = plan.features().get(i).accumulator().create();
            totals[i].merge(other.totals[i]);
        }
        instant = other.instant;
        lastEventTime = other.lastEventTime;
        validFrom = other.validFrom;
    }

    /** How many values are null because what they stand for is beyond their type. */
    int beyondType() {
        int count = 0;
        for (Accumulator total : totals) {
            if (total.isBeyondType()) {
                count++;
            }
        }
        return count;
    }

    List<@Nullable Object> values() {
        List<@Nullable Object> values = new ArrayList<>(totals.length);
        for (int i = 0; i < totals.length; i++) {
            values.add(plan.features().get(i).value(totals[i]));
        }
        return values;
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(instant, out);
        ValueCodec.writeVarLong(lastEventTime, out);
        ValueCodec.writeVarLong(validFrom, out);
        for (Accumulator total : totals) {
            total.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        instant = ValueCodec.readVarLong(in);
        lastEventTime = ValueCodec.readVarLong(in);
        validFrom = ValueCodec.readVarLong(in);
        for (int i = 0; i < totals.length; i++) {
            totals[i] = plan.features().get(i).accumulator().read(in);
        }
    }
}
