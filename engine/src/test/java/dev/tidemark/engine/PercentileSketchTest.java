package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.ApproxPercentile;
import dev.tidemark.defs.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Percentiles within 1 % of the exact ones, the same in every order, of every double there is. */
class PercentileSketchTest {
    private static final double[] SHARES = {0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999};
    private static final BigDecimal ERROR = new BigDecimal("0.0078125"); // 1/128

    @Provide
    Arbitrary<List<Double>> doubles() {
        Arbitrary<Double> bits =
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        Arbitrary<Double> subnormal = Arbitraries.longs().between(-5_000, 5_000).map(n -> n * Double.MIN_VALUE);
        Arbitrary<Double> amounts =
                Arbitraries.integers().between(-1_000, 100_000).map(cents -> cents / 100.0);
        Arbitrary<Double> ends = Arbitraries.of(
                0.0, -0.0, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE, 1.0, 2.0, -1.0);
        return Arbitraries.frequencyOf(
                        Tuple.of(2, bits), Tuple.of(1, subnormal), Tuple.of(3, amounts), Tuple.of(1, ends))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 1000)
    void isAtMostOnePercentFromTheExactOne(@ForAll("doubles") List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        for (double share : SHARES) {
            double exact = sorted.get(rank(share, values.size()) - 1);
            double estimate =
                    (Double) Trees.inOrder(type(share, DataType.DOUBLE), values).value();
            BigDecimal error =
                    new BigDecimal(estimate).subtract(new BigDecimal(exact)).abs();
            assertThat(error)
                    .as("%s for %s", estimate, exact)
                    .isLessThanOrEqualTo(new BigDecimal(exact).abs().multiply(ERROR));
        }
    }

    @Property(tries = 1000)
    void theOrderOfValuesAndMergesChangesNothing(@ForAll("doubles") List<Double> values, @ForAll long seed) {
        AccumulatorType type = type(0.9, DataType.DOUBLE);
        Accumulator one = Trees.inOrder(type, values);
        Accumulator another = Trees.random(type, values, new Random(seed));
        assertThat(another.value()).isEqualTo(one.value());
        assertThat(Trees.bytes(another)).isEqualTo(Trees.bytes(one));
        assertThat(Trees.recoded(type, one).value()).isEqualTo(one.value());
    }

    @Property(tries = 1000)
    void whatLeavesLeavesNothingBehind(
            @ForAll("doubles") List<Double> leaving, @ForAll("doubles") List<Double> staying) {
        AccumulatorType type = type(0.5, DataType.DOUBLE);
        List<Double> all = new ArrayList<>(leaving);
        all.addAll(staying);
        Accumulator total = Trees.inOrder(type, all);
        assertThat(total.remove(Trees.inOrder(type, leaving))).isTrue();
        assertThat(Trees.bytes(total)).isEqualTo(Trees.bytes(Trees.inOrder(type, staying)));
        assertThat(total.remove(Trees.inOrder(type, staying))).isTrue();
        assertThat(total.isEmpty()).isTrue();
        assertThat(total.value()).isNull();
    }

    @Example
    void theShareIsTheDecimalNumberThatIsWritten() {
        // As doubles, 0.29 * 100 is less than 29, and 0.07 * 100 is more than 7.
        List<Long> values = LongStream.rangeClosed(1, 100).boxed().toList();
        assertThat((Double) Trees.inOrder(type(0.29, DataType.LONG), values).value())
                .isBetween(29.0, 29.25);
        assertThat((Double) Trees.inOrder(type(0.07, DataType.LONG), values).value())
                .isBetween(7.0, 7.07);
        assertThat((Double) Trees.inOrder(type(0.071, DataType.LONG), values).value())
                .isBetween(8.0, 8.08);
    }

    @Example
    void takesLongsAndDecimalsToTheirEnds() {
        DataType.Decimal decimal = new DataType.Decimal(38, 2);
        BigDecimal greatest = new BigDecimal("999999999999999999999999999999999999.99");
        assertThat((Double) Trees.inOrder(type(0.5, DataType.LONG), List.of(Long.MIN_VALUE))
                        .value())
                .isBetween(-0x1.02p63, -0x1p63);
        assertThat((Double) Trees.inOrder(type(0.5, decimal), List.of(greatest)).value())
                .isBetween(0.99e36, 1.01e36);
        assertThat(Trees.inOrder(type(0.5, decimal), List.of(new BigDecimal("0.00")))
                        .value())
                .isEqualTo(0.0);
    }

    @Example
    void allPercentilesOfAColumnShareTheirSlices() {
        assertThat(type(0.5, DataType.LONG).ofSlices())
                .isEqualTo(type(0.99, DataType.LONG).ofSlices());
    }

    private static int rank(double share, int size) {
        BigDecimal wanted = new BigDecimal(Double.toString(share));
        int rank = 1;
        while (new BigDecimal(rank).compareTo(wanted.multiply(new BigDecimal(size))) < 0) {
            rank++;
        }
        return rank;
    }

    private static AccumulatorType type(double share, DataType input) {
        return new AccumulatorType(new ApproxPercentile(share), input, 1_000);
    }
}
