package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Where doubles neither overflow nor become subnormal, a wide number is a double. */
class WideNumberTest {
    @Provide
    Arbitrary<Double> doubles() {
        Arbitrary<Double> bits = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.integers().between(-70, 70))
                .as((significand, exponent) -> Math.scalb(significand.doubleValue(), exponent - 63));
        return Arbitraries.oneOf(bits, Arbitraries.of(0.0, 1.0, -1.0, 0.1, 1e16, -1e16));
    }

    @Provide
    Arbitrary<Double> factors() {
        return Arbitraries.longs().map(n -> 0.75 + Math.scalb(n.doubleValue(), -65));
    }

    @Property(tries = 2000)
    void addsAndMultipliesAsDoublesDo(
            @ForAll("doubles") double a, @ForAll("doubles") double b, @ForAll("factors") double factor) {
        WideNumber wide = WideNumber.of(a);
        assertThat(wide.nearest()).isEqualTo(a + 0.0);
        assertThat(wide.plus(WideNumber.of(b)).nearest()).isEqualTo(a + b + 0.0);
        assertThat(WideNumber.of(b).plus(wide).nearest()).isEqualTo(a + b + 0.0);
        assertThat(wide.times(factor).nearest()).isEqualTo(a * factor + 0.0);
        if (b != 0) {
            assertThat(wide.over(WideNumber.of(b)).nearest()).isEqualTo(a / b + 0.0);
        }
    }

    @Property(tries = 2000)
    void holdsEveryDouble(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isFinite(value)) {
            assertThat(WideNumber.of(value).nearest()).isEqualTo(value + 0.0);
        }
    }

    @Example
    void hasRoomBeyondDoubles() {
        WideNumber max = WideNumber.of(Double.MAX_VALUE);
        WideNumber twice = max.plus(max);
        assertThat(twice.nearest()).isInfinite();
        assertThat(twice.halved(1)).isEqualTo(max);
        WideNumber least = WideNumber.of(Double.MIN_VALUE);
        assertThat(least.halved(1_000_000_000_000L).nearest()).isZero();
        assertThat(least.halved(70).halved(-70)).isEqualTo(least);
        assertThat(WideNumber.of(-1).halved(3_000).nearest()).isEqualTo(-0.0);
        assertThat(WideNumber.of(1).plus(WideNumber.of(-1))).isEqualTo(WideNumber.ZERO);
    }
}
