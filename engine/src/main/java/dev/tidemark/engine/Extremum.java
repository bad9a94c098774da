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

    Extremum(DataType type, int sign) {
        this.type = type;
        this.sign = sign;
    }

    static Extremum read(DataType type, int sign, DataInput in) throws IOException {
        Extremum result = new Extremum(type, sign);
        result.value = ValueCodec.readNullable(type, in);
        return result;
    }

    @Override
    public void add(Object other, InputEvent event) {
        if (value == null || sign * ValueOrder.compare(other, value) > 0) {
            value = other;
        }
    }

    @Override
    public void merge(Accumulator other) {
        Object theirs = ((Extremum) other).value;
        if (theirs != null && (value == null || sign * ValueOrder.compare(theirs, value) > 0)) {
            value = theirs;
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Object theirs = ((Extremum) oldest).value;
        return theirs == null || value != null && ValueOrder.compare(theirs, value) != 0;
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
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeNullable(type, value, out);
    }
}
