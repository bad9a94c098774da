package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The first or the last of the values in the order of events. */
final class Edge implements Accumulator {
    private static final @Nullable Object[] NO_INPUTS = {};

    private final DataType type;
    private final int sign; // 1 for the last, -1 for the first.
    private @Nullable Object value;
    private @Nullable InputEvent position; // Without inputs; null as long as there is no value.

    Edge(DataType type, int sign) {
        this.type = type;
        this.sign = sign;
    }

    static Edge read(DataType type, int sign, DataInput in) throws IOException {
        Edge result = new Edge(type, sign);
        result.value = ValueCodec.readNullable(type, in);
        if (result.value != null) {
            result.position = new InputEvent(
                    ValueCodec.readVarLong(in),
                    Math.toIntExact(ValueCodec.readVarLong(in)),
                    ValueCodec.readVarLong(in),
                    NO_INPUTS);
        }
        return result;
    }

    @Override
    public void add(Object other, InputEvent event) {
        if (position == null || sign * event.compareTo(position) > 0) {
            value = other;
            position = new InputEvent(event.time(), event.partition(), event.offset(), NO_INPUTS);
        }
    }

    @Override
    public void merge(Accumulator other) {
        Edge that = (Edge) other;
        if (that.value != null && that.position != null) {
            add(that.value, that.position);
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Edge that = (Edge) oldest;
        if (that.position == null || position == null || position.compareTo(that.position) != 0) {
            return true;
        }
        if (sign > 0) {
            // The newest of all goes with the oldest: nothing stays.
            value = null;
            position = null;
            return true;
        }
        return false;
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
    public long stableUntil() {
        return position == null || sign < 0 ? Cursor.FAR_PAST : position.time();
    }

    @Override
    public long weight() {
        return Weight.SMALL + Weight.of(value);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeNullable(type, value, out);
        if (position != null) {
            ValueCodec.writeVarLong(position.time(), out);
            ValueCodec.writeVarLong(position.partition(), out);
            ValueCodec.writeVarLong(position.offset(), out);
        }
    }
}
