package dev.tidemark.engine.oracle;

import static dev.tidemark.engine.oracle.ExactNumbers.UNITS_PER_ONE;
import static dev.tidemark.engine.oracle.ExactNumbers.quotient;
import static dev.tidemark.engine.oracle.ExactNumbers.units;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The processor rounds sums and quotients of two doubles correctly, so it can check what we do for more of them. */
class ExactNumbersTest {
    @Provide
    Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
                Arbitraries.doubles().between(-1000, 1000),
                Arbitraries.longs().between(0, 1L << 54).map(Double::longBitsToDouble),
                Arbitraries.longs().between(-20, 20).map(Long::doubleValue));
    }

    @Property
    void aDoubleSurvives(@ForAll("doubles") double value) {
        assertThat(quotient(units(value), UNITS_PER_ONE)).isEqualTo(value == 0 ? 0.0 : value);
    }

    @Property(tries = 10_000)
    void aSumOfTwoIsTheProcessors(@ForAll("doubles") double a, @ForAll("doubles") double b) {
        assertThat(quotient(units(a).add(units(b)), UNITS_PER_ONE)).isEqualTo(a + b == 0 ? 0.0 : a + b);
    }

    @Property(tries = 10_000)
    void aQuotientOfTwoIsTheProcessors(@ForAll("doubles") double a, @ForAll("doubles") double b) {
        Assume.that(a != 0 && b > 0);
        assertThat(quotient(units(a), units(b))).isEqualTo(a / b);
    }

    @Example
    void aTieGoesToTheEvenNeighbour() {
        BigInteger two53 = BigInteger.ONE.shiftLeft(53);
        assertThat(quotient(two53.add(BigInteger.ONE), BigInteger.ONE)).isEqualTo(0x1p53);
        assertThat(quotient(two53.add(BigInteger.valueOf(3)), BigInteger.ONE)).isEqualTo(0x1p53 + 4);
    }

    @Example
    void aHairAboveATieGoesUp() {
        BigInteger aHair = BigInteger.TEN.pow(40);
        BigInteger tie = BigInteger.ONE.shiftLeft(53).add(BigInteger.ONE).multiply(aHair);
        assertThat(quotient(tie.add(BigInteger.ONE), aHair)).isEqualTo(0x1p53 + 2);
        assertThat(quotient(tie.subtract(BigInteger.ONE), aHair)).isEqualTo(0x1p53);
    }

    @Example
    void whatIsTooGreatIsInfinite() {
        BigInteger greatest = units(Double.MAX_VALUE);
        assertThat(quotient(greatest.add(units(Math.ulp(Double.MAX_VALUE) / 2)), UNITS_PER_ONE))
                .isInfinite();
        assertThat(quotient(greatest.add(units(Math.ulp(Double.MAX_VALUE) / 4)), UNITS_PER_ONE))
                .isEqualTo(Double.MAX_VALUE);
    }
}
