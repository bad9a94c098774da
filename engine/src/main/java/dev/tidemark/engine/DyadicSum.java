package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The exact sum of doubles, or of their squares. A finite double is a whole number times a power of two, and so is a sum of them;
 * it takes at most 2,100 bits, for squares 4,200, and a few more for the carry, and in practice little more than the values
 * themselves.
 */
final class DyadicSum implements ExactSum {
    private static final int EXPONENT_BIAS = 1075;
    private static final int MANTISSA_BITS = 52;
    private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;

    /** Below this a sum of two fits into 128 bits. */
    private static final int WIDE_BITS = 126;

    // The sum is mantissa * 2^exponent; the mantissa is high and low, or large while it takes more bits.
    private long high;
    private long low;
    private int exponent;
    private @Nullable BigInteger large;

    @Override
    public void add(Object value) {
        long bits = Double.doubleToRawLongBits((Double) value);
        long magnitude = magnitude(bits);
        if (magnitude != 0) {
            int zeros = Long.numberOfTrailingZeros(magnitude);
            long odd = magnitude >>> zeros;
            long mantissa = bits < 0 ? -odd : odd;
            plus(mantissa >> 63, mantissa, exponent(bits) + zeros);
        }
    }

    @Override
    public void addSquare(Object value) {
        long bits = Double.doubleToRawLongBits((Double) value);
        long magnitude = magnitude(bits);
        if (magnitude != 0) {
            int zeros = Long.numberOfTrailingZeros(magnitude);
            long odd = magnitude >>> zeros;
            plus(Math.multiplyHigh(odd, odd), odd * odd, 2 * (exponent(bits) + zeros));
        }
    }

    /** A double's mantissa without its sign. */
    private static long magnitude(long bits) {
        int biased = (int) (bits >>> MANTISSA_BITS) & 0x7FF;
        if (biased == 0x7FF) {
            throw new IllegalArgumentException(
                    "Only finite numbers have a sum, but this is " + Double.longBitsToDouble(bits) + ".");
        }
        // A subnormal number has no hidden bit.
        return biased == 0 ? bits & MANTISSA_MASK : bits & MANTISSA_MASK | 1L << MANTISSA_BITS;
    }

    /** The power of two that a double's mantissa is multiplied by; of a subnormal number that of the smallest normal one. */
    private static int exponent(long bits) {
        return Math.max(1, (int) (bits >>> MANTISSA_BITS) & 0x7FF) - EXPONENT_BIAS;
    }

    @Override
    public void add(ExactSum other) {
        DyadicSum that = (DyadicSum) other;
        if (that.large == null) {
            plus(that.high, that.low, that.exponent);
        } else {
            plus(that.large, that.exponent);
        }
    }

    @Override
    public void subtract(ExactSum other) {
        DyadicSum that = (DyadicSum) other;
        if (that.large == null) {
            plus(~that.high + (that.low == 0 ? 1 : 0), -that.low, that.exponent);
        } else {
            plus(that.large.negate(), that.exponent);
        }
    }

    private void plus(long otherHigh, long otherLow, int otherExponent) {
        if ((otherHigh | otherLow) == 0) {
            return;
        } else if (large == null && (high | low) == 0) {
            high = otherHigh;
            low = otherLow;
            exponent = otherExponent;
        } else if (large != null || !plusWide(otherHigh, otherLow, otherExponent)) {
            plus(Wide.toBigInteger(otherHigh, otherLow), otherExponent);
        }
    }

    /** Adds within 128 bits; false, and nothing is added, if they may not suffice. */
    private boolean plusWide(long otherHigh, long otherLow, int otherExponent) {
        int shift = otherExponent - exponent;
        if (shift >= 0) {
            if (Wide.bitLength(otherHigh, otherLow) + shift > WIDE_BITS || Wide.bitLength(high, low) > WIDE_BITS) {
                return false;
            }
            add(Wide.highOfShift(otherHigh, otherLow, shift), Wide.lowOfShift(otherLow, shift));
        } else {
            if (Wide.bitLength(high, low) - shift > WIDE_BITS || Wide.bitLength(otherHigh, otherLow) > WIDE_BITS) {
                return false;
            }
            high = Wide.highOfShift(high, low, -shift);
            low = Wide.lowOfShift(low, -shift);
            exponent = otherExponent;
            add(otherHigh, otherLow);
        }
        return true;
    }

    private void add(long otherHigh, long otherLow) {
        long sum = low + otherLow;
        high += otherHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
    }

    private void plus(BigInteger otherMantissa, int otherExponent) {
        BigInteger mantissa = mantissa();
        if (mantissa.signum() == 0) {
            set(otherMantissa, otherExponent);
        } else if (otherExponent >= exponent) {
            set(mantissa.add(otherMantissa.shiftLeft(otherExponent - exponent)), exponent);
        } else {
            set(mantissa.shiftLeft(exponent - otherExponent).add(otherMantissa), otherExponent);
        }
    }

    /** Trailing zeros, which are what large numbers left that have gone again, are not kept. */
    private void set(BigInteger mantissa, int newExponent) {
        int zeros = Math.max(0, mantissa.getLowestSetBit());
        BigInteger odd = mantissa.shiftRight(zeros);
        boolean wide = odd.bitLength() <= WIDE_BITS;
        large = wide ? null : odd;
        high = wide ? odd.shiftRight(Long.SIZE).longValue() : 0;
        low = wide ? odd.longValue() : 0;
        exponent = mantissa.signum() == 0 ? 0 : newExponent + zeros;
    }

    private BigInteger mantissa() {
        return large == null ? Wide.toBigInteger(high, low) : large;
    }

    @Override
    public @Nullable Object value() {
        return Rounding.finite(large == null ? Wide.nearest(high, low, exponent) : Rounding.nearest(large, exponent));
    }

    @Override
    public @Nullable Double over(long count) {
        return large == null && count <= Integer.MAX_VALUE
                ? Rounding.finite(Wide.quotient(high, low, (int) count, exponent))
                : exact().over(count).nearest();
    }

    @Override
    public Fraction exact() {
        return new Fraction(mantissa(), exponent, BigInteger.ONE);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        if (large != null) {
            ValueCodec.writeBytes(large.toByteArray(), out);
            ValueCodec.writeVarLong(exponent, out);
            return;
        }
        int zeros = Wide.trailingZeros(high, low);
        long oddLow = Wide.lowOfRightShift(high, low, zeros);
        long oddHigh = zeros < Long.SIZE ? high >> zeros : high >> 63;
        int bytes = Wide.bitLength(oddHigh, oddLow) / Byte.SIZE + 1;
        ValueCodec.writeVarLong(bytes, out);
        for (int i = bytes - 1; i >= 0; i--) {
            out.writeByte((int) (i < Long.BYTES ? oddLow >> i * Byte.SIZE : oddHigh >> (i - Long.BYTES) * Byte.SIZE));
        }
        ValueCodec.writeVarLong((high | low) == 0 ? 0 : exponent + zeros, out);
    }

    @Override
    public void read(DataInput in) throws IOException {
        int bytes = Math.toIntExact(ValueCodec.readVarLong(in));
        if (bytes > 2 * Long.BYTES) {
            byte[] all = new byte[bytes];
            in.readFully(all);
            set(new BigInteger(all), Math.toIntExact(ValueCodec.readVarLong(in)));
            return;
        }
        large = null;
        low = in.readByte();
        high = low >> 63;
        for (int i = 1; i < bytes; i++) {
            high = high << Byte.SIZE | low >>> (Long.SIZE - Byte.SIZE);
            low = low << Byte.SIZE | in.readByte() & 0xFF;
        }
        exponent = Math.toIntExact(ValueCodec.readVarLong(in));
    }
}
