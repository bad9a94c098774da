package dev.tidemark.engine;

import java.math.BigInteger;

/**
 * Whole numbers of 128 bits in two's complement, as a high and a low long, and their way to the nearest double: what
 * {@link Rounding} does, for numbers that need no {@link BigInteger}.
 */
final class Wide {
    private static final int DIGIT_BITS = 32;
    private static final long DIGIT_MASK = (1L << DIGIT_BITS) - 1;
    private static final int MANTISSA_BITS = 52;
    /** Bits of a quotient before it is rounded: more than enough for the precision, a bit to round by and one for the rest. */
    private static final int QUOTIENT_BITS = 66;

    private Wide() {}

    static BigInteger toBigInteger(long high, long low) {
        if (high == low >> 63) {
            return BigInteger.valueOf(low);
        }
        BigInteger unsigned = BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(unsigned);
    }

    /** As {@link BigInteger#bitLength}. */
    static int bitLength(long high, long low) {
        if (high == low >> 63) {
            return Long.SIZE - Long.numberOfLeadingZeros(low ^ (low >> 63));
        }
        return 2 * Long.SIZE - Long.numberOfLeadingZeros(high ^ (high >> 63));
    }

    /** How many times two is a factor; 0 for zero. */
    static int trailingZeros(long high, long low) {
        if (low != 0) {
            return Long.numberOfTrailingZeros(low);
        }
        return high == 0 ? 0 : Long.SIZE + Long.numberOfTrailingZeros(high);
    }

    static long highOfShift(long high, long low, int shift) {
        if (shift == 0) {
            return high;
        }
        return shift < Long.SIZE ? high << shift | low >>> (Long.SIZE - shift) : low << (shift - Long.SIZE);
    }

    static long lowOfShift(long low, int shift) {
        return shift < Long.SIZE ? low << shift : 0;
    }

    static long lowOfRightShift(long high, long low, int shift) {
        if (shift == 0) {
            return low;
        }
        return shift < Long.SIZE ? low >>> shift | high << (Long.SIZE - shift) : high >> (shift - Long.SIZE);
    }

    /** As {@link Rounding#nearest}. */
    static double nearest(long high, long low, int exponent) {
        int bits = bitLength(high, low);
        if (bits + exponent < Double.MIN_EXPONENT + 2) {
            return Rounding.nearest(toBigInteger(high, low), exponent); // It may be subnormal.
        } else if (bits < Long.SIZE) {
            return scaled(low, exponent);
        }
        boolean negative = high < 0;
        long topHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long topLow = negative ? -low : low;
        // 62 bits, of which the last stands for whatever is cut off, are rounded as all would be.
        int drop = bits - 62;
        long kept = lowOfRightShift(topHigh, topLow, drop);
        boolean rest = trailingZeros(topHigh, topLow) < drop;
        double rounded = scaled(rest ? kept | 1 : kept, exponent + drop);
        return negative ? -rounded : rounded;
    }

    /** {@code number * 2^exponent}, rounded once, if that is not subnormal. */
    private static double scaled(long number, int exponent) {
        double rounded = (double) number;
        // By a power that is a normal number itself a double is multiplied exactly, which takes a fraction of the time
        // of scalb.
        return exponent >= Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT
                ? rounded * Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << MANTISSA_BITS)
                : Math.scalb(rounded, exponent);
    }

    /**
     * {@code number * 2^exponent / divisor} as a double, as {@link Rounding#quotient}: divided by hand, 32 bits at a time.
     *
     * @param divisor more than zero
     */
    static double quotient(long high, long low, int divisor, int exponent) {
        boolean negative = high < 0;
        long topHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long topLow = negative ? -low : low;
        long quotientHigh = topHigh / divisor;
        long rest = topHigh % divisor;
        long digit = rest << DIGIT_BITS | topLow >>> DIGIT_BITS;
        long quotientLow = digit / divisor << DIGIT_BITS;
        digit = digit % divisor << DIGIT_BITS | topLow & DIGIT_MASK;
        quotientLow |= digit / divisor;
        rest = digit % divisor;
        int power = exponent;
        while (rest != 0 && bitLength(quotientHigh, quotientLow) < QUOTIENT_BITS) {
            digit = rest << DIGIT_BITS;
            quotientHigh = quotientHigh << DIGIT_BITS | quotientLow >>> DIGIT_BITS;
            quotientLow = quotientLow << DIGIT_BITS | digit / divisor;
            rest = digit % divisor;
            power -= DIGIT_BITS;
        }
        // The last bit stands for whatever remains, so that no tie is seen where there is none.
        double result = nearest(quotientHigh, rest == 0 ? quotientLow : quotientLow | 1, power);
        return negative ? -result : result;
    }
}
