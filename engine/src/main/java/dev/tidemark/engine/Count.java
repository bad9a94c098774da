package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How many values there are. */
final class Count implements Accumulator {
    private long count;

    static Count read(DataInput in) throws IOException {
        Count result = new Count();
        result.count = ValueCodec.readVarLong(in);
        return result;
    }

    @Override
    public void add(Object value, InputEvent event) {
        count++;
    }

    @Override
    public void merge(Accumulator other) {
        count += ((Count) other).count;
    }

    @Override
    public boolean remove(Accumulator oldest) {
        count -= ((Count) oldest).count;
        return true;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public Long value() {
        return count;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(count, out);
    }
}
