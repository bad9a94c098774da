package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast way to a number against the slow one, and against the JDK's decimals. */
class WideTest {
    private static final int TRIES = 100_000;

    private final Random random = new Random(11);

    @Test
    void roundsAsBigIntegersAreRounded() {
        for (int i = 0; i < TRIES; i++) {
            BigInteger number = number();
            int exponent = random.nextInt(2300) - 1200;
            double expected = Rounding.nearest(number, exponent);
            assertThat(Wide.nearest(high(number), number.longValue(), exponent))
                    .as("%s * 2^%d", number, exponent)
                    .isEqualTo(expected);
        }
    }

    @Test
    void dividesAsBigIntegersAreDivided() {
        for (int i = 0; i < TRIES; i++) {
            BigInteger number = number();
            int exponent = random.nextInt(2300) - 1200;
            int divisor = 1 + random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(30);
            divisor = Math.max(1, divisor);
            double expected = Rounding.quotient(number, BigInteger.valueOf(divisor), exponent);
            assertThat(Wide.quotient(high(number), number.longValue(), divisor, exponent))
                    .as("%s * 2^%d / %d", number, exponent, divisor)
                    .isEqualTo(expected);
        }
    }

    @Test
    void knowsItsBits() {
        for (int i = 0; i < TRIES; i++) {
            BigInteger number = number();
            long high = high(number);
            long low = number.longValue();
            assertThat(Wide.toBigInteger(high, low)).isEqualTo(number);
            assertThat(Wide.bitLength(high, low)).isEqualTo(number.bitLength());
            assertThat(Wide.trailingZeros(high, low)).isEqualTo(Math.max(0, number.getLowestSetBit()));
        }
    }

    @Test
    void aSumThatGoesBeyond128BitsAndBackIsStillExact() throws IOException {
        DyadicSum sum = new DyadicSum();
        BigDecimal expected = BigDecimal.ZERO;
        Deque<Double> inside = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(1 + i % 150));
            sum.add((Object) value);
            inside.add(value);
            expected = expected.add(new BigDecimal(value));
            while (inside.size() > i % 20) {
                double oldest = inside.remove();
                DyadicSum leaving = new DyadicSum();
                leaving.add((Object) oldest);
                sum.subtract(leaving);
                expected = expected.subtract(new BigDecimal(oldest));
            }
            assertThat(sum.value()).isEqualTo(expected.doubleValue());
            assertThat(recoded(sum).value()).isEqualTo(sum.value());
        }
    }

    private static DyadicSum recoded(DyadicSum sum) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        sum.write(new DataOutputStream(bytes));
        DyadicSum read = new DyadicSum();
        read.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return read;
    }

    private BigInteger number() {
        BigInteger number =
                new BigInteger(random.nextInt(127), random).shiftLeft(random.nextInt(2) * random.nextInt(60));
        BigInteger short126 = number.shiftRight(Math.max(0, number.bitLength() - 126));
        return random.nextBoolean() ? short126 : short126.negate();
    }

    private static long high(BigInteger number) {
        return number.shiftRight(Long.SIZE).longValue();
    }
}
