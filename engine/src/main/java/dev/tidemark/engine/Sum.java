package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The sum of the values, or their average: both are made of an exact sum and a count. */
final class Sum implements Accumulator {
    private final ExactSum sum;
    private final boolean average;
    private long count;

    Sum(ExactSum sum, boolean average) {
        this.sum = sum;
        this.average = average;
    }

    static Sum read(ExactSum zero, boolean average, DataInput in) throws IOException {
        Sum result = new Sum(zero, average);
        result.count = ValueCodec.readVarLong(in);
        zero.read(in);
        return result;
    }

    @Override
    public void add(Object value, InputEvent event) {
        sum.add(value);
        count++;
    }

    @Override
    public void merge(Accumulator other) {
        Sum that = (Sum) other;
        sum.add(that.sum);
        count += that.count;
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Sum that = (Sum) oldest;
        sum.subtract(that.sum);
        count -= that.count;
        return true;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public @Nullable Object value() {
        if (count == 0) {
            return null;
        }
        return average ? sum.over(count) : sum.value();
    }

    /** The average of the values, rounded once; null if there are none. */
    @Nullable
    Double average() {
        return count == 0 ? null : sum.over(count);
    }

    /** The exact sum, of which there is one though it may be beyond what the type holds. */
    Fraction exact() {
        return sum.exact();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(count, out);
        sum.write(out);
    }
}
