package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RoundingTest {
    private final Random random = new Random(7);

    @Test
    void roundsSumsLikeTheDecimalParser() {
        for (int i = 0; i < 20_000; i++) {
            BigInteger mantissa = new BigInteger(1 + random.nextInt(200), random);
            mantissa = random.nextBoolean() ? mantissa.negate() : mantissa;
            int exponent = random.nextInt(2200) - 1150;
            double expected = exact(mantissa, exponent).doubleValue();
            assertThat(Rounding.nearest(mantissa, exponent)).isEqualTo(mantissa.signum() == 0 ? 0.0 : expected);
        }
    }

    @Test
    void roundsQuotientsOnce() {
        for (int i = 0; i < 20_000; i++) {
            long numerator = random.nextLong() >> random.nextInt(60);
            long denominator = 1 + (random.nextLong() >>> (1 + random.nextInt(60)));
            double actual = Rounding.quotient(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator), 0);
            BigDecimal error = error(actual, numerator, denominator);
            assertThat(error).isLessThanOrEqualTo(error(Math.nextUp(actual), numerator, denominator));
            assertThat(error).isLessThanOrEqualTo(error(Math.nextDown(actual), numerator, denominator));
        }
    }

    @Test
    void roundsTiesToEvenAndKeepsSubnormals() {
        BigInteger tie = BigInteger.ONE.shiftLeft(53).add(BigInteger.ONE);
        assertThat(Rounding.nearest(tie, 0)).isEqualTo(0x1p53);
        assertThat(Rounding.nearest(tie.add(BigInteger.TWO), 0)).isEqualTo(0x1p53 + 4);
        assertThat(Rounding.nearest(BigInteger.ONE, -1074)).isEqualTo(Double.MIN_VALUE);
        assertThat(Rounding.nearest(BigInteger.ONE, -1075)).isZero();
        assertThat(Rounding.nearest(BigInteger.valueOf(3), -1075)).isEqualTo(2 * Double.MIN_VALUE);
        assertThat(Rounding.nearest(BigInteger.ONE, 1024)).isInfinite();
        assertThat(Rounding.quotient(BigInteger.ONE, BigInteger.valueOf(3), 0)).isEqualTo(1.0 / 3.0);
    }

    private static BigDecimal exact(BigInteger mantissa, int exponent) {
        BigDecimal power = exponent < 0
                ? BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)))
                : new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
        return new BigDecimal(mantissa).multiply(power);
    }

    /** How far a double is from a fraction, times the fraction's denominator. */
    private static BigDecimal error(double value, long numerator, long denominator) {
        return new BigDecimal(value)
                .multiply(BigDecimal.valueOf(denominator))
                .subtract(BigDecimal.valueOf(numerator))
                .abs();
    }
}
