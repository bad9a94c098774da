package dev.tidemark.engine.oracle;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Averages and sums in which each value counts less the more came after it, or the longer it is ago. */
final class OracleFolds {
    private OracleFolds() {}

    /** The exponential moving average: the loop of a textbook, kept between the greatest doubles. */
    static double ema(double k, List<Object> inputs) {
        double average = number(inputs.get(0));
        for (Object input : inputs.subList(1, inputs.size())) {
            average = k * number(input) + (1 - k) * average;
            average = between(average);
        }
        return average;
    }

    /**
     * What values sum up to whose weights halve with time, as of the last one.
     *
     * @param times of the values' events, in order
     */
    static @Nullable Double decayedSum(long halfLife, List<Object> inputs, List<Long> times) {
        double sum = decayed(halfLife, inputs, times, false).nearest();
        return Double.isFinite(sum) ? sum : null;
    }

    /** That sum divided by the sum of the weights. */
    static double decayedAverage(long halfLife, List<Object> inputs, List<Long> times) {
        Wide sum = decayed(halfLife, inputs, times, false);
        return between(sum.over(decayed(halfLife, inputs, times, true)).nearest());
    }

    private static Wide decayed(long halfLife, List<Object> inputs, List<Long> times, boolean weights) {
        Wide sum = Wide.of(0);
        for (int i = 0; i < inputs.size(); i++) {
            long elapsed = i == 0 ? 0 : times.get(i) - times.get(i - 1);
            long halvings = elapsed / halfLife;
            double rest = StrictMath.pow(0.5, (double) (elapsed - halvings * halfLife) / halfLife);
            sum = sum.times(Wide.of(rest)).times(new Wide(BigInteger.ONE, -halvings));
            sum = sum.plus(Wide.of(weights ? 1 : number(inputs.get(i))));
        }
        return sum;
    }

    private static double number(Object input) {
        return ((Number) input).doubleValue();
    }

    private static double between(double average) {
        return average == Double.POSITIVE_INFINITY
                ? Double.MAX_VALUE
                : average == Double.NEGATIVE_INFINITY ? -Double.MAX_VALUE : average;
    }

    /** {@code whole * 2^exponent}, where the whole number is rounded to 53 bits, of two that are equally near to the even one. */
    private record Wide(BigInteger whole, long exponent) {
        private static final int BITS = 53;
        private static final int MANY = 300;

        static Wide of(double value) {
            return rounded(ExactNumbers.units(value), ExactNumbers.UNIT_EXPONENT);
        }

        private static Wide rounded(BigInteger whole, long exponent) {
            int drop = Math.max(0, whole.bitLength() - BITS);
            if (whole.signum() < 0) {
                Wide positive = rounded(whole.negate(), exponent);
                return new Wide(positive.whole.negate(), positive.exponent);
            }
            BigInteger[] parts = whole.divideAndRemainder(BigInteger.ONE.shiftLeft(drop));
            int middle = parts[1].shiftLeft(1).compareTo(BigInteger.ONE.shiftLeft(drop));
            boolean up = middle > 0 || middle == 0 && parts[0].testBit(0);
            return new Wide(up ? parts[0].add(BigInteger.ONE) : parts[0], exponent + drop);
        }

        Wide times(Wide other) {
            return rounded(whole.multiply(other.whole), exponent + other.exponent);
        }

        Wide plus(Wide other) {
            if (whole.signum() == 0 || other.whole.signum() == 0) {
                return whole.signum() == 0 ? other : this;
            }
            long gap = exponent - other.exponent;
            if (gap < 0) {
                return other.plus(this);
            }
            return gap > MANY ? this : rounded(whole.shiftLeft((int) gap).add(other.whole), other.exponent);
        }

        Wide over(Wide divisor) {
            BigInteger[] quotient = whole.abs().shiftLeft(MANY).divideAndRemainder(divisor.whole);
            // One more bit stands for all that follow.
            BigInteger more =
                    quotient[0].shiftLeft(1).add(quotient[1].signum() == 0 ? BigInteger.ZERO : BigInteger.ONE);
            return rounded(whole.signum() < 0 ? more.negate() : more, exponent - divisor.exponent - MANY - 1);
        }

        double nearest() {
            int near = (int) Math.max(-5_000, Math.min(exponent, 5_000));
            BigInteger denominator = BigInteger.ONE.shiftLeft(Math.max(0, -near));
            return ExactNumbers.quotient(whole.shiftLeft(Math.max(0, near)), denominator);
        }
    }
}
