package dev.tidemark.engine;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** From exact numbers to the nearest double, ties to even, as IEEE 754 rounds: once, also for subnormal results. */
final class Rounding {
    private static final int PRECISION = 53;
    private static final int MIN_EXPONENT = -1074;
    /** Bits of a quotient before it is rounded: more than enough for the precision, a bit to round by and one for the rest. */
    private static final int QUOTIENT_BITS = PRECISION + 13;

    private Rounding() {}

    /** The number if it is finite, else null. */
    static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /** {@code mantissa * 2^exponent} as a double; infinite if it is beyond the largest. */
    static double nearest(BigInteger mantissa, int exponent) {
        BigInteger magnitude = mantissa.abs();
        int drop = Math.max(magnitude.bitLength() - PRECISION, MIN_EXPONENT - exponent);
        if (drop <= 0) {
            return Math.scalb((double) mantissa.longValue(), exponent);
        }
        BigInteger kept = magnitude.shiftRight(drop);
        boolean half = magnitude.testBit(drop - 1);
        boolean more = half && magnitude.getLowestSetBit() < drop - 1;
        if (half && (more || kept.testBit(0))) {
            kept = kept.add(BigInteger.ONE);
        }
        double rounded = Math.scalb((double) kept.longValue(), exponent + drop);
        return mantissa.signum() < 0 ? -rounded : rounded;
    }

    /** {@code numerator * 2^exponent / denominator} as a double; the denominator is more than zero. */
    static double quotient(BigInteger numerator, BigInteger denominator, int exponent) {
        int shift = QUOTIENT_BITS - numerator.bitLength() + denominator.bitLength();
        BigInteger dividend = shift > 0 ? numerator.abs().shiftLeft(shift) : numerator.abs();
        BigInteger divisor = shift > 0 ? denominator : denominator.shiftLeft(-shift);
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        // The last bit stands for whatever remains, so that no tie is seen where there is none.
        BigInteger quotient = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
        return nearest(numerator.signum() < 0 ? quotient.negate() : quotient, exponent - shift);
    }

    /**
     * The square root of {@code numerator * 2^exponent / denominator} as a double; the numerator is not negative, the denominator
     * more than zero.
     *
     * <p>It is first cut off to more bits than a double has, the last of them set if anything was cut off (Boldo and Melquiond,
     * "When double rounding is odd", IMACS 2005, prove that rounding this is rounding the root itself).
     */
    static double root(BigInteger numerator, BigInteger denominator, int exponent) {
        int shift = 2 * QUOTIENT_BITS - numerator.bitLength() + denominator.bitLength();
        shift += (exponent - shift) & 1; // Half of the power of two that is left must be whole.
        BigInteger dividend = shift > 0 ? numerator.shiftLeft(shift) : numerator;
        BigInteger divisor = shift > 0 ? denominator : denominator.shiftLeft(-shift);
        BigInteger[] quotient = dividend.divideAndRemainder(divisor);
        BigInteger[] root = quotient[0].sqrtAndRemainder();
        boolean exact = quotient[1].signum() == 0 && root[1].signum() == 0;
        return nearest(exact ? root[0] : root[0].setBit(0), (exponent - shift) / 2);
    }
}
