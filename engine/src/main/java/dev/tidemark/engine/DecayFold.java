package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The sum of values whose weights halve with time, or their average: that sum divided by the sum of the weights. Both are as of
 * the newest value, whose weight is one.
 *
 * <p>From value to value both sums are multiplied by {@code 0.5^(elapsed / halfLife)}, and then what is new is added, in
 * {@link WideNumber}s: nothing large stays behind once it has decayed.
 */
final class DecayFold implements Fold {
    private final long halfLife;
    private final boolean average;
    private boolean started;
    private long newest;
    private WideNumber sum = WideNumber.ZERO;
    private WideNumber weight = WideNumber.ZERO;

    /**
     * Of no values.
     *
     * @param halfLife milliseconds
     */
    DecayFold(long halfLife, boolean average) {
        this.halfLife = halfLife;
        this.average = average;
    }

    @Override
    public void add(double value, long time) {
        if (started) {
            long elapsed = time - newest;
            long halvings = Math.floorDiv(elapsed, halfLife);
            // StrictMath, as Math may round the last bit differently from one Java machine to the next.
            double rest = StrictMath.pow(0.5, (double) Math.floorMod(elapsed, halfLife) / halfLife);
            sum = sum.times(rest).halved(halvings);
            weight = weight.times(rest).halved(halvings);
        }
        sum = sum.plus(WideNumber.of(value));
        weight = weight.plus(WideNumber.of(1));
        newest = time;
        started = true;
    }

    @Override
    public @Nullable Double value() {
        if (!started) {
            return null;
        } else if (!average) {
            return Rounding.finite(sum.nearest());
        }
        // An average lies between its values, though it may be rounded to an infinity next to the largest double.
        return Math.max(-Double.MAX_VALUE, Math.min(sum.over(weight).nearest(), Double.MAX_VALUE));
    }

    @Override
    public void clear() {
        started = false;
        newest = 0;
        sum = WideNumber.ZERO;
        weight = WideNumber.ZERO;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(started);
        if (started) {
            ValueCodec.writeVarLong(newest, out);
            sum.write(out);
            weight.write(out);
        }
    }

    @Override
    public void read(DataInput in) throws IOException {
        clear();
        started = in.readBoolean();
        if (started) {
            newest = ValueCodec.readVarLong(in);
            sum = WideNumber.read(in);
            weight = WideNumber.read(in);
        }
    }
}
