package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The square root of a fraction, rounded once. */
class RootPropertyTest {
    private static final BigInteger ONE = BigInteger.ONE;

    @Provide
    Arbitrary<Double> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble).filter(x -> x > 0 && Double.isFinite(x)),
                Arbitraries.longs().between(1, 1L << 53).map(Double::longBitsToDouble),
                Arbitraries.longs().between(0, 1_000).map(Long::doubleValue));
    }

    @Property(tries = 10_000)
    void ofADoubleIsTheProcessors(@ForAll("numbers") double number) {
        DyadicSum exact = new DyadicSum();
        exact.add(number);
        assertThat(exact.exact().root()).isEqualTo(Math.sqrt(number));
    }

    @Property(tries = 10_000)
    void ofASquareIsExact(@ForAll("numbers") double number) {
        DyadicSum square = new DyadicSum();
        square.addSquare(number);
        assertThat(square.exact().root()).isEqualTo(number);
    }

    /** The middle between two doubles is a tie; a hair beside it is none. */
    @Property(tries = 10_000)
    void nearATieGoesToTheRightSide(@ForAll("numbers") double number) {
        long odd = Double.doubleToRawLongBits(number) >>> 11 | 1L << 53 | 1; // 54 bits: one too many.
        BigInteger square = BigInteger.valueOf(odd).pow(2);
        double below = 2.0 * (odd >> 1);
        double above = 2.0 * ((odd >> 1) + 1);
        BigInteger fine = BigInteger.TEN.pow(60);
        assertThat(Rounding.root(square, ONE, 0)).isEqualTo((odd >> 1) % 2 == 0 ? below : above);
        assertThat(Rounding.root(square.multiply(fine).add(ONE), fine, 0)).isEqualTo(above);
        assertThat(Rounding.root(square.multiply(fine).subtract(ONE), fine, 0)).isEqualTo(below);
    }

    @Example
    void theVarianceMayBeBeyondADoubleWhereTheDeviationIsNot() {
        Fraction variance = Fraction.of(3).times(3).squared();
        Fraction large = new Fraction(variance.numerator(), 2_000, ONE);
        assertThat(large.nearest()).isNull();
        assertThat(large.root()).isEqualTo(9 * 0x1p1000);
        assertThat(new Fraction(ONE, 2_048, ONE).root()).isNull();
        assertThat(new Fraction(ONE, -2_148, ONE).root()).isEqualTo(Double.MIN_VALUE);
        assertThat(new Fraction(BigInteger.ZERO, 5, ONE).root()).isZero();
    }
}
