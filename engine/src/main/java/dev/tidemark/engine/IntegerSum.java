package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The exact sum of longs, of decimals of one scale, or of the squares of either, as a whole number of units in the last place. */
final class IntegerSum implements ExactSum {
    /** A decimal sum is null beyond so many digits, which Postgres and Arrow both hold. */
    private static final int MAX_DIGITS = 38;

    private static final long EXACT_AS_DOUBLE = 1L << 53;

    private final boolean decimal;
    private final int scale;
    private long small;
    private @Nullable BigInteger large; // Instead of small, while the sum is beyond a long.

    private IntegerSum(boolean decimal, int scale) {
        this.decimal = decimal;
        this.scale = scale;
    }

    static IntegerSum ofLongs() {
        return new IntegerSum(false, 0);
    }

    static IntegerSum ofDecimals(int scale) {
        return new IntegerSum(true, scale);
    }

    @Override
    public void add(Object value) {
        if (!decimal) {
            add((long) (Long) value);
        } else {
            set(total().add(((BigDecimal) value).setScale(scale).unscaledValue()));
        }
    }

    @Override
    public void add(ExactSum other) {
        IntegerSum that = (IntegerSum) other;
        if (that.large == null) {
            add(that.small);
        } else {
            set(total().add(that.large));
        }
    }

    @Override
    public void subtract(ExactSum other) {
        IntegerSum that = (IntegerSum) other;
        if (that.large == null && that.small != Long.MIN_VALUE) {
            add(-that.small);
        } else {
            set(total().subtract(that.total()));
        }
    }

    @Override
    public void addSquare(Object value) {
        if (decimal) {
            add(((BigDecimal) value).pow(2));
        } else {
            set(total().add(BigInteger.valueOf((Long) value).pow(2)));
        }
    }

    private void add(long value) {
        long sum = small + value;
        // As in Math.addExact: it overflowed if both have the sign that the sum has not.
        if (large == null && ((small ^ sum) & (value ^ sum)) >= 0) {
            small = sum;
        } else {
            set(total().add(BigInteger.valueOf(value)));
        }
    }

    private BigInteger total() {
        return large == null ? BigInteger.valueOf(small) : large;
    }

    private void set(BigInteger total) {
        boolean fits = total.bitLength() < Long.SIZE;
        small = fits ? total.longValue() : 0;
        large = fits ? null : total;
    }

    @Override
    public @Nullable Object value() {
        if (!decimal) {
            return large == null ? (Object) small : null;
        }
        if (large == null) {
            return BigDecimal.valueOf(small, scale);
        }
        BigDecimal value = new BigDecimal(large, scale);
        return value.precision() <= MAX_DIGITS ? value : null;
    }

    @Override
    public @Nullable Double over(long count) {
        if (!decimal && large == null && Math.abs(small) <= EXACT_AS_DOUBLE && count <= EXACT_AS_DOUBLE) {
            return (double) small / count; // Both are doubles as they are, so this rounds once.
        }
        return exact().over(count).nearest();
    }

    @Override
    public Fraction exact() {
        return new Fraction(total(), 0, decimal ? BigInteger.TEN.pow(scale) : BigInteger.ONE);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(large == null);
        if (large == null) {
            ValueCodec.writeVarLong(small, out);
        } else {
            ValueCodec.writeBytes(large.toByteArray(), out);
        }
    }

    @Override
    public void read(DataInput in) throws IOException {
        if (in.readBoolean()) {
            small = ValueCodec.readVarLong(in);
            large = null;
        } else {
            set(new BigInteger(ValueCodec.readBytes(in)));
        }
    }
}
