package dev.tidemark.engine;

import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How many events there are, or how much the values sum up to, for each unit of time in a civil period: a day has 23 to 25 hours. All
 * events lie in one period, so any of them tells how long it is.
 */
final class CivilRate implements Accumulator {
    private final Accumulator total;
    private final long unit;
    private final Grid periods;
    private long length; // Of the events' period; 0 without events.

    /**
     * A rate of a total.
     *
     * @param total a {@link Count} or a {@link Sum}
     * @param unit milliseconds
     * @param length of the period that the total is of, milliseconds; 0 if it is of nothing
     */
    CivilRate(Accumulator total, long unit, Grid periods, long length) {
        this.total = total;
        this.unit = unit;
        this.periods = periods;
        this.length = length;
    }

    @Override
    public void add(Object value, InputEvent event) {
        if (length == 0) {
            long start = periods.start(event.time());
            length = periods.end(start) - start;
        }
        total.add(value, event);
    }

    @Override
    public void merge(Accumulator other) {
        CivilRate that = (CivilRate) other;
        length = Math.max(length, that.length);
        total.merge(that.total);
    }

    @Override
    public boolean remove(Accumulator oldest) {
        total.remove(((CivilRate) oldest).total);
        length = total.isEmpty() ? 0 : length;
        return true;
    }

    @Override
    public boolean isEmpty() {
        return total.isEmpty();
    }

    @Override
    public @Nullable Object value() {
        return Rate.of(total, unit, length);
    }

    @Override
    public long weight() {
        return Weight.SMALL / 2 + total.weight();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        total.write(out);
        ValueCodec.writeVarLong(length, out);
    }
}
