package dev.tidemark.engine;

import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How many events there are, or how much the values sum up to, for each unit of time in a window. */
final class Rate implements Accumulator {
    private final Accumulator total;
    private final long unit;
    private final long length;

    /**
     * A rate of a total.
     *
     * @param total a {@link Count} or a {@link Sum}
     * @param unit milliseconds
     * @param length of the window, milliseconds
     */
    Rate(Accumulator total, long unit, long length) {
        this.total = total;
        this.unit = unit;
        this.length = length;
    }

    @Override
    public void add(Object value, InputEvent event) {
        total.add(value, event);
    }

    @Override
    public void merge(Accumulator other) {
        total.merge(total(other));
    }

    @Override
    public boolean remove(Accumulator oldest) {
        return total.remove(total(oldest));
    }

    /** Slices hold the total alone, as rates over windows of any length and in any unit share it. */
    private static Accumulator total(Accumulator other) {
        return other instanceof Rate rate ? rate.total : other;
    }

    @Override
    public boolean isEmpty() {
        return total.isEmpty();
    }

    @Override
    public @Nullable Object value() {
        return of(total, unit, length);
    }

    /** The rate of a total, null if that is of nothing or the rate is beyond a double. */
    static @Nullable Double of(Accumulator total, long unit, long length) {
        if (total.isEmpty()) {
            return null;
        }
        Fraction exact = total instanceof Sum sum ? sum.exact() : Fraction.of(((Count) total).value());
        return exact.times(unit).over(length).nearest();
    }

    @Override
    public long weight() {
        return Weight.SMALL / 2 + total.weight();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        total.write(out);
    }
}
