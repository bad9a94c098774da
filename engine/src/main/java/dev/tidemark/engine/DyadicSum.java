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

    private BigInteger mantissa = BigInteger.ZERO; // The sum is mantissa * 2^exponent.
    private int exponent;

    @Override
    public void add(Object value) {
        long bits = Double.doubleToRawLongBits((Double) value);
        int biased = (int) (bits >>> MANTISSA_BITS) & 0x7FF;
        long magnitude = bits & MANTISSA_MASK;
        if (biased == 0x7FF) {
            throw new IllegalArgumentException("Only finite numbers have a sum, but this is " + value + ".");
        }
        if (biased == 0) {
            biased = 1; // A subnormal number has no hidden bit, and the exponent of the smallest normal one.
        } else {
            magnitude |= 1L << MANTISSA_BITS;
        }
        if (magnitude != 0) {
            int zeros = Long.numberOfTrailingZeros(magnitude);
            long odd = magnitude >>> zeros;
            plus(BigInteger.valueOf(bits < 0 ? -odd : odd), biased - EXPONENT_BIAS + zeros);
        }
    }

    @Override
    public void addSquare(Object value) {
        DyadicSum number = new DyadicSum();
        number.add(value);
        plus(number.mantissa.pow(2), 2 * number.exponent);
    }

    @Override
    public void add(ExactSum other) {
        DyadicSum that = (DyadicSum) other;
        plus(that.mantissa, that.exponent);
    }

    @Override
    public void subtract(ExactSum other) {
        DyadicSum that = (DyadicSum) other;
        plus(that.mantissa.negate(), that.exponent);
    }

    private void plus(BigInteger otherMantissa, int otherExponent) {
        if (otherMantissa.signum() == 0) {
            return;
        }
        if (mantissa.signum() == 0) {
            mantissa = otherMantissa;
            exponent = otherExponent;
        } else if (otherExponent >= exponent) {
            mantissa = mantissa.add(otherMantissa.shiftLeft(otherExponent - exponent));
        } else {
            mantissa = mantissa.shiftLeft(exponent - otherExponent).add(otherMantissa);
            exponent = otherExponent;
        }
    }

    @Override
    public @Nullable Object value() {
        return Rounding.finite(Rounding.nearest(mantissa, exponent));
    }

    @Override
    public Fraction exact() {
        return new Fraction(mantissa, exponent, BigInteger.ONE);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        // Trailing zeros are what large numbers left that have gone again.
        int zeros = Math.max(0, mantissa.getLowestSetBit());
        ValueCodec.writeBytes(mantissa.shiftRight(zeros).toByteArray(), out);
        ValueCodec.writeVarLong(mantissa.signum() == 0 ? 0 : exponent + zeros, out);
    }

    @Override
    public void read(DataInput in) throws IOException {
        mantissa = new BigInteger(ValueCodec.readBytes(in));
        exponent = Math.toIntExact(ValueCodec.readVarLong(in));
    }
}
