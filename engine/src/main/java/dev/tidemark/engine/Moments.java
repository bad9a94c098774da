package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The variance of the values or its square root, the standard deviation: of all values there are, or estimated from a sample of
 * them. All are made of the exact sum of the values, that of their squares, and the count.
 */
final class Moments implements Accumulator {
    private final ExactSum sum;
    private final ExactSum squares;
    private final boolean sample;
    private final boolean root;
    private long count;

    Moments(DataType type, boolean sample, boolean root) {
        this.sum = ExactSum.of(type);
        this.squares = ExactSum.ofSquares(type);
        this.sample = sample;
        this.root = root;
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    Moments read(DataInput in) throws IOException {
        count = ValueCodec.readVarLong(in);
        sum.read(in);
        squares.read(in);
        return this;
    }

    @Override
    public void add(Object value, InputEvent event) {
        sum.add(value);
        squares.addSquare(value);
        count++;
    }

    @Override
    public void merge(Accumulator other) {
        Moments that = (Moments) other;
        sum.add(that.sum);
        squares.add(that.squares);
        count += that.count;
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Moments that = (Moments) oldest;
        sum.subtract(that.sum);
        squares.subtract(that.squares);
        count -= that.count;
        return true;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    /** A sample of one value has no variance; that is no fault of the type. */
    @Override
    public boolean isBeyondType() {
        return freedom() > 0 && value() == null;
    }

    private long freedom() {
        return sample ? count - 1 : count;
    }

    @Override
    public @Nullable Object value() {
        long freedom = freedom();
        if (freedom <= 0) {
            return null;
        }
        Fraction deviations = squares.exact().minus(sum.exact().squared().over(count)); // The sum of their squares.
        Fraction variance = deviations.over(freedom);
        return root ? variance.root() : variance.nearest();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(count, out);
        sum.write(out);
        squares.write(out);
    }
}
