package dev.tidemark.engine.oracle;

import java.math.BigInteger;

/** Doubles as whole numbers, and fractions of whole numbers as doubles, without a rounding error more than IEEE 754 asks for. */
final class ExactNumbers {
    /** Every finite double is a whole multiple of 2^-1074, the smallest of them. */
    static final int UNIT_EXPONENT = -1074;

    /** How many of the units make one. */
    static final BigInteger UNITS_PER_ONE = BigInteger.ONE.shiftLeft(-UNIT_EXPONENT);

    private static final int SIGNIFICAND_BITS = 53;

    private ExactNumbers() {}

    /** A finite double, counted in units of 2^-1074. */
    static BigInteger units(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & 0xF_FFFF_FFFF_FFFFL;
        int exponent = (int) (bits >>> 52) & 0x7FF;
        BigInteger magnitude = exponent == 0
                ? BigInteger.valueOf(fraction)
                : BigInteger.valueOf(fraction | 1L << 52).shiftLeft(exponent - 1);
        return bits < 0 ? magnitude.negate() : magnitude;
    }

    /**
     * The double nearest to {@code numerator / denominator}; of two that are equally near the even one; infinite beyond the
     * greatest double. The quotient zero is positive; a negative quotient too small for a double is negative zero.
     *
     * @param denominator more than zero
     */
    static double quotient(BigInteger numerator, BigInteger denominator) {
        BigInteger n = numerator.abs();
        // The quotient of numbers of a and b bits is between 2^(a-b-1) and 2^(a-b+1), so this exponent leaves 53 or 54
        // bits.
        int exponent = Math.max(n.bitLength() - denominator.bitLength() - SIGNIFICAND_BITS, UNIT_EXPONENT);
        if (times2(n, -exponent).divide(times2(denominator, exponent)).bitLength() > SIGNIFICAND_BITS) {
            exponent++;
        }
        BigInteger top = times2(n, -exponent);
        BigInteger bottom = times2(denominator, exponent);
        BigInteger[] significand = top.divideAndRemainder(bottom);
        int sideOfTheMiddle = significand[1].shiftLeft(1).compareTo(bottom);
        boolean up = sideOfTheMiddle > 0 || sideOfTheMiddle == 0 && significand[0].testBit(0);
        BigInteger rounded = up ? significand[0].add(BigInteger.ONE) : significand[0];
        double magnitude = Math.scalb(rounded.doubleValue(), exponent);
        return numerator.signum() < 0 ? -magnitude : magnitude;
    }

    /**
     * The double nearest to the square root of {@code numerator / denominator}; of two that are equally near the even one; infinite
     * beyond the greatest double. A guess is moved until it is the greatest double not above the root.
     *
     * @param numerator zero or more
     * @param denominator more than zero
     */
    static double root(BigInteger numerator, BigInteger denominator) {
        int half = Math.floorDiv(numerator.bitLength() - denominator.bitLength(), 2);
        double near1 = quotient(times2(numerator, -2 * half), times2(denominator, 2 * half));
        double below = Math.min(Math.scalb(Math.sqrt(near1), half), Double.MAX_VALUE);
        while (below > 0 && compareSquare(units(below).shiftLeft(1), numerator, denominator) > 0) {
            below = Math.nextDown(below);
        }
        // What the bits of infinity stand for is one step above the greatest double, which is as it should be.
        while (Double.isFinite(below)
                && compareSquare(units(Math.nextUp(below)).shiftLeft(1), numerator, denominator) <= 0) {
            below = Math.nextUp(below);
        }
        if (below == Double.POSITIVE_INFINITY) {
            return below;
        }
        int middle = compareSquare(units(below).add(units(Math.nextUp(below))), numerator, denominator);
        boolean up = middle < 0 || middle == 0 && (Double.doubleToRawLongBits(below) & 1) == 1;
        return up ? Math.nextUp(below) : below;
    }

    /** Compares the square of a number, counted in half units, with a fraction. */
    private static int compareSquare(BigInteger halfUnits, BigInteger numerator, BigInteger denominator) {
        BigInteger one = UNITS_PER_ONE.shiftLeft(1);
        return halfUnits.pow(2).multiply(denominator).compareTo(one.pow(2).multiply(numerator));
    }

    /** {@code value * 2^power} for a positive power; for a negative one the value, as the other side of the fraction has it. */
    private static BigInteger times2(BigInteger value, int power) {
        return power > 0 ? value.shiftLeft(power) : value;
    }
}
