package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The least or the greatest of the values. */
final class Extremum implements Accumulator {
    private final DataType type;
    private final int sign; // 1 for the greatest, -1 for the least.
    private @Nullable Object value;
    private long newest; // The time of the newest event that has the value.

    Extremum(DataType type, int sign) {
        this.type = type;
        this.sign = sign;
    }

    static Extremum read(DataType type, int sign, DataInput in) throws IOException {
        Extremum result = new Extremum(type, sign);
        result.value = ValueCodec.readNullable(type, in);
        if (result.value != null) {
            result.newest = ValueCodec.readVarLong(in);
        }
        return result;
    }

    @Override
    public void add(Object other, InputEvent event) {
        add(other, event.time());
    }

    @Override
    public void merge(Accumulator other) {
        Extremum that = (Extremum) other;
        if (that.value != null) {
            add(that.value, that.newest);
        }
    }

    private void add(Object other, long time) {
        int order = value == null ? 1 : sign * ValueOrder.compare(other, value);
        if (order > 0) {
            value = other;
            newest = time;
        } else if (order == 0) {
            newest = Math.max(newest, time);
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Extremum that = (Extremum) oldest;
        // What is as great as the greatest may leave if a newer one stays.
        return that.value == null
                || value != null && (ValueOrder.compare(that.value, value) != 0 || that.newest < newest);
    }

    @Override
    public long stableUntil() {
        return value == null ? Cursor.FAR_PAST : newest;
    }

    @Override
    public boolean isEmpty() {
        return value == null;
    }

    @Override
    public @Nullable Object value() {
        return value;
    }

    @Override
    public long weight() {
        return Weight.SMALL + Weight.of(value);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeNullable(type, value, out);
        if (value != null) {
            ValueCodec.writeVarLong(newest, out);
        }
    }
}
