package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The exponential moving average by event count, as a column that looks back computes it. */
final class EmaFold implements Fold {
    private final double smoothing;
    private boolean started;
    private double average;

    /**
     * Of no values.
     *
     * @param smoothing the weight of the newest value, in (0, 1]
     */
    EmaFold(double smoothing) {
        this.smoothing = smoothing;
    }

    @Override
    public void add(double value, long time) {
        // As a textbook writes it, so that a loop written from one gives the same bits.
        average = started ? smoothing * value + (1 - smoothing) * average : value;
        // An average lies between its values, though it may be rounded to an infinity next to the largest double.
        average = Math.max(-Double.MAX_VALUE, Math.min(average, Double.MAX_VALUE));
        started = true;
    }

    @Override
    public @Nullable Double value() {
        return started ? (Double) average : null;
    }

    @Override
    public void clear() {
        started = false;
        average = 0;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(started);
        if (started) {
            out.writeLong(Double.doubleToRawLongBits(average));
        }
    }

    @Override
    public void read(DataInput in) throws IOException {
        started = in.readBoolean();
        average = started ? Double.longBitsToDouble(in.readLong()) : 0;
    }
}
