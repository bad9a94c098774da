package dev.tidemark.engine;

import com.datadoghq.sketch.ddsketch.mapping.BitwiseLinearlyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * About which value has a share of the values at or below it: a DDSketch whose bins are never collapsed. Bins are fixed, so that
 * counts in them can be added and subtracted in any order.
 *
 * <p>The mapping splits the values between two powers of two into 64 bins of equal width, by nothing but the bits of a double.
 * Mappings with fewer bins for the same accuracy take logarithms or cube roots, in whose last bit Java machines may differ.
 */
final class PercentileSketch implements Accumulator {
    private static final IndexMapping MAPPING = new BitwiseLinearlyInterpolatedMapping(0.01);
    private static final int BINS_PER_DOUBLING = 64;

    /** What makes the smallest numbers large enough for the mapping, and how many bins that moves them. */
    private static final int SCALE = 64;

    private static final int SCALE_BINS = SCALE * BINS_PER_DOUBLING;

    /** More than the lowest index is below zero. The bin of a positive number has the sum, of a negative one the negated sum. */
    private static final int ABOVE_ZERO = 1 << 17;

    private final BigDecimal share;
    private final Bins bins = new Bins();

    /**
     * No values.
     *
     * @param p the share, between 0 and 1, taken as the decimal number that it is written as
     */
    PercentileSketch(double p) {
        this.share = BigDecimal.valueOf(p);
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    PercentileSketch read(DataInput in) throws IOException {
        bins.read(in);
        return this;
    }

    @Override
    public void add(Object value, InputEvent event) {
        bins.add(bin(((Number) value).doubleValue()), 1);
    }

    @Override
    public void merge(Accumulator other) {
        bins.add(((PercentileSketch) other).bins);
    }

    @Override
    public boolean remove(Accumulator oldest) {
        bins.subtract(((PercentileSketch) oldest).bins);
        return true;
    }

    @Override
    public boolean isEmpty() {
        return bins.total() == 0;
    }

    @Override
    public @Nullable Object value() {
        if (isEmpty()) {
            return null;
        }
        long rank = share.multiply(BigDecimal.valueOf(bins.total()))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
        return middle(bins.atRank(rank));
    }

    @Override
    public long weight() {
        return Weight.SMALL + bins.weight();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        bins.write(out);
    }

    /** The bin of a finite number; bins ascend with the numbers in them. Both zeros share one. */
    private static int bin(double value) {
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            return 0;
        }
        int index = magnitude < Double.MIN_NORMAL
                ? MAPPING.index(Math.scalb(magnitude, SCALE)) - SCALE_BINS
                : MAPPING.index(magnitude);
        return value < 0 ? -(index + ABOVE_ZERO) : index + ABOVE_ZERO;
    }

    /** The middle of a bin, which is at most 1/128 away from any number in it. */
    private static double middle(int bin) {
        if (bin == 0) {
            return 0;
        }
        int index = Math.abs(bin) - ABOVE_ZERO;
        int exponent = Math.floorDiv(index, BINS_PER_DOUBLING);
        double begin = 1 + Math.floorMod(index, BINS_PER_DOUBLING) / (double) BINS_PER_DOUBLING;
        // Rounded each for itself, as the smallest numbers are, half the width of their bins is nothing.
        double magnitude = Math.scalb(begin, exponent) + Math.scalb(0.5 / BINS_PER_DOUBLING, exponent);
        return bin < 0 ? -magnitude : magnitude;
    }
}
