package dev.tidemark.engine;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The exact number {@code numerator * 2^exponent / denominator}, not necessarily in lowest terms.
 *
 * @param denominator more than zero
 */
record Fraction(BigInteger numerator, int exponent, BigInteger denominator) {

    static Fraction of(long number) {
        return new Fraction(BigInteger.valueOf(number), 0, BigInteger.ONE);
    }

    Fraction times(long factor) {
        return new Fraction(numerator.multiply(BigInteger.valueOf(factor)), exponent, denominator);
    }

    /** This divided by a number more than zero. */
    Fraction over(long divisor) {
        return new Fraction(numerator, exponent, denominator.multiply(BigInteger.valueOf(divisor)));
    }

    Fraction squared() {
        return new Fraction(numerator.pow(2), 2 * exponent, denominator.pow(2));
    }

    Fraction minus(Fraction other) {
        int common = Math.min(exponent, other.exponent);
        BigInteger left = numerator.multiply(other.denominator).shiftLeft(exponent - common);
        BigInteger right = other.numerator.multiply(denominator).shiftLeft(other.exponent - common);
        return new Fraction(left.subtract(right), common, denominator.multiply(other.denominator));
    }

    /** The nearest double, ties to even; null if that is infinite. */
    @Nullable
    Double nearest() {
        return Rounding.finite(Rounding.quotient(numerator, denominator, exponent));
    }

    /** The double nearest to the square root, ties to even; null if that is infinite. This must not be negative. */
    @Nullable
    Double root() {
        return Rounding.finite(Rounding.root(numerator, denominator, exponent));
    }
}
