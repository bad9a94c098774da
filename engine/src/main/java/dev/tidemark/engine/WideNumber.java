package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A number of 53 significant bits, as a double has them, but of any exponent: it neither overflows nor becomes subnormal. Every
 * operation rounds once, to the nearest, ties to even.
 *
 * @param significand from 1 to below 2, or from -1 to above -2; or 0.0, never -0.0
 * @param exponent of two, by which power the significand is multiplied; 0 for zero
 */
record WideNumber(double significand, long exponent) {
    static final WideNumber ZERO = new WideNumber(0, 0);

    private static final int ENOUGH_BITS = 64;

    /** A finite double, as it is. */
    static WideNumber of(double value) {
        boolean subnormal = Math.abs(value) < Double.MIN_NORMAL;
        return subnormal ? of(Math.scalb(value, ENOUGH_BITS), -ENOUGH_BITS) : of(value, 0);
    }

    /** {@code value * 2^exponent}; the value is zero or normal. */
    private static WideNumber of(double value, long exponent) {
        if (value == 0) {
            return ZERO;
        }
        int own = Math.getExponent(value);
        return new WideNumber(Math.scalb(value, -own), exponent + own);
    }

    static WideNumber read(DataInput in) throws IOException {
        return new WideNumber(Double.longBitsToDouble(in.readLong()), ValueCodec.readVarLong(in));
    }

    WideNumber plus(WideNumber other) {
        if (significand == 0 || other.significand == 0) {
            return significand == 0 ? other : this;
        } else if (other.exponent > exponent) {
            return other.plus(this);
        }
        long gap = exponent - other.exponent;
        // Beyond that, the other is too small to change the last bit.
        return gap > ENOUGH_BITS ? this : of(significand + Math.scalb(other.significand, (int) -gap), exponent);
    }

    /**
     * The product with a factor.
     *
     * @param factor from 0.5 to 1
     */
    WideNumber times(double factor) {
        return of(significand * factor, exponent);
    }

    /** Half of it, half of that, and so on. */
    WideNumber halved(long times) {
        return significand == 0 ? this : new WideNumber(significand, exponent - times);
    }

    WideNumber over(WideNumber divisor) {
        return of(significand / divisor.significand, exponent - divisor.exponent);
    }

    /** The nearest double: infinite beyond the largest, a zero of the same sign below the smallest. */
    double nearest() {
        int near = (int) Math.max(-2 * Double.MAX_EXPONENT, Math.min(exponent, 2 * Double.MAX_EXPONENT));
        return Math.scalb(significand, near);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(Double.doubleToRawLongBits(significand));
        ValueCodec.writeVarLong(exponent, out);
    }
}
