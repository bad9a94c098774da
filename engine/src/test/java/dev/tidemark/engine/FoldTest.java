package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.DecayedAvg;
import dev.tidemark.defs.Aggregate.DecayedSum;
import dev.tidemark.defs.Aggregate.Ema;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DataType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Averages and sums that depend on the order of events, and on nothing else. */
class FoldTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long MILLIS = HOUR.toMillis();

    @Provide
    Arbitrary<Aggregate> folds() {
        return Arbitraries.of(
                new Ema(2.0 / 13),
                new Ema(1),
                new DecayedSum(HOUR),
                new DecayedAvg(Duration.ofMillis(3)),
                new DecayedSum(Duration.ofMillis(1)));
    }

    @Provide
    Arbitrary<List<Double>> doubles() {
        return Arbitraries.oneOf(
                        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
                        Arbitraries.of(1e16, 1.0, -1e16, 0.0, -0.0, Double.MAX_VALUE, Double.MIN_VALUE),
                        Arbitraries.doubles().between(-1_000, 1_000).ofScale(9))
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    @Property(tries = 1000)
    void aWindowsFoldTakesEventsInAnyOrder(
            @ForAll("folds") Aggregate fold, @ForAll("doubles") List<Double> values, @ForAll long seed) {
        AccumulatorType type = new AccumulatorType(fold, DataType.DOUBLE, 1_000);
        Accumulator one = Trees.inOrder(type, values);
        Accumulator another = Trees.random(type, values, new Random(seed));
        assertThat(another.value()).isEqualTo(one.value());
        assertThat(Trees.bytes(another)).isEqualTo(Trees.bytes(one));
        assertThat(Trees.recoded(type, another).value()).isEqualTo(one.value());
    }

    @Property(tries = 1000)
    void theOldestLeaveAsIfTheyHadNeverBeen(
            @ForAll("folds") Aggregate fold, @ForAll("doubles") List<Double> values, @ForAll long seed) {
        AccumulatorType type = new AccumulatorType(fold, DataType.DOUBLE, 1_000);
        int leaving = new Random(seed).nextInt(values.size() + 1);
        Accumulator total = Trees.inOrder(type, values);
        total.value();
        Accumulator rest = type.create();
        for (int i = leaving; i < values.size(); i++) {
            rest.add(values.get(i), Trees.event(i));
        }
        assertThat(total.remove(Trees.inOrder(type.ofSlices(), values.subList(0, leaving))))
                .isTrue();
        assertThat(total.value()).isEqualTo(rest.value());
        assertThat(Trees.bytes(total)).isEqualTo(Trees.bytes(rest));
    }

    @Property(tries = 1000)
    void aRunningFoldSaysTheSameAndIsCopiedWhole(
            @ForAll("folds") Aggregate fold, @ForAll("doubles") List<Double> values, @ForAll long seed) {
        AccumulatorType lifetime = new AccumulatorType(fold, DataType.DOUBLE, 0);
        int half = new Random(seed).nextInt(values.size() + 1);
        Accumulator copy = lifetime.create();
        copy.merge(Trees.inOrder(lifetime, values.subList(0, half)));
        for (int i = half; i < values.size(); i++) {
            copy.add(values.get(i), Trees.event(i));
        }
        AccumulatorType window = new AccumulatorType(fold, DataType.DOUBLE, 1_000);
        assertThat(copy.value()).isEqualTo(Trees.inOrder(window, values).value());
        assertThat(Trees.recoded(lifetime, copy).value()).isEqualTo(copy.value());
        assertThat(Trees.bytes(copy).length).as("bytes, however many values").isLessThan(70);
    }

    @Example
    void onlyFoldsOverALifetimeNeedOrder() {
        for (Aggregate fold : List.of(new Ema(0.5), new DecayedSum(HOUR), new DecayedAvg(HOUR))) {
            assertThat(new AccumulatorType(fold, DataType.LONG, 0).needsOrder()).isTrue();
            assertThat(new AccumulatorType(fold, DataType.LONG, 1_000).needsOrder())
                    .isFalse();
            assertThat(new AccumulatorType(fold, DataType.LONG, 1_000)
                            .ofSlices()
                            .needsOrder())
                    .isFalse();
        }
        assertThat(new AccumulatorType(Plain.LAST, DataType.LONG, 0).needsOrder())
                .isFalse();
    }

    @Example
    void aRunningFoldRefusesWhatItCannotFold() {
        AccumulatorType type = new AccumulatorType(new Ema(0.5), DataType.LONG, 0);
        Accumulator fold = Trees.inOrder(type, List.of(1L, 2L));
        assertThatIllegalStateException().isThrownBy(() -> fold.add(3L, Trees.event(1)));
        assertThatIllegalStateException().isThrownBy(() -> fold.merge(Trees.inOrder(type, List.of(4L))));
        fold.merge(type.create());
        assertThat(fold.value()).isEqualTo(1.5);
    }

    @Example
    void anAverageByCountGoesByOrderAlone() {
        assertThat(folded(new Ema(0.5), 0, 10.0, MILLIS, 20.0, 9 * MILLIS, 0.0)).isEqualTo(7.5);
    }

    @Example
    void aDecayedSumHalvesWithEveryHalfLife() {
        DecayedSum sum = new DecayedSum(HOUR);
        assertThat(folded(sum, 0, 8.0)).isEqualTo(8.0);
        assertThat(folded(sum, 0, 8.0, 0, 1.0)).isEqualTo(9.0);
        assertThat(folded(sum, 0, 8.0, MILLIS, 1.0)).isEqualTo(5.0);
        assertThat(folded(sum, 0, 8.0, 3 * MILLIS, 0.0)).isEqualTo(1.0);
        assertThat(folded(sum, 0, 8.0, MILLIS / 2, 0.0)).isEqualTo(8 * StrictMath.pow(0.5, 0.5));
        assertThat(folded(sum, 0, 8.0, 5_000 * MILLIS, 1.0)).isEqualTo(1.0);
    }

    @Example
    void aDecayedAverageIsThatSumForEachWeight() {
        DecayedAvg average = new DecayedAvg(HOUR);
        assertThat(folded(average, 0, 8.0, MILLIS, 8.0)).isEqualTo(8.0);
        assertThat(folded(average, 0, 8.0, MILLIS, 2.0)).isEqualTo(4.0);
        assertThat(folded(average, 0, 8.0, 5_000 * MILLIS, 1.0)).isEqualTo(1.0);
    }

    @Example
    void whatIsBeyondADoubleComesBackOnceItHasDecayed() {
        double max = Double.MAX_VALUE;
        assertThat(folded(new DecayedSum(HOUR), 0, max, 1, max)).isNull();
        assertThat(folded(new DecayedSum(HOUR), 0, max, 1, max, 2_000 * MILLIS, 3.0))
                .isEqualTo(3.0);
        assertThat(folded(new DecayedSum(HOUR), 0, max, 0, max, 0, -max)).isEqualTo(max);
        assertThat(folded(new DecayedAvg(HOUR), 0, max, 1, max)).isEqualTo(max);
        assertThat(folded(new Ema(2.0 / 13), 0, max, 1, max, 2, max)).isEqualTo(max);
    }

    @Example
    void hasNoValueBeyondSoManyAndItComesBack() {
        AccumulatorType type = new AccumulatorType(new Ema(0.5), DataType.LONG, 1_000);
        Accumulator total = type.create();
        for (int i = 0; i < WindowFold.MOST_VALUES; i++) {
            total.add(7L, Trees.event(i));
        }
        assertThat(total.value()).isEqualTo(7.0);
        total.add(7L, Trees.event(WindowFold.MOST_VALUES));
        assertThat(total.value()).isNull();
        assertThat(total.isBeyondType()).isTrue();
        assertThat(Trees.bytes(total)).hasSize(2);
        assertThat(Trees.recoded(type, total).isBeyondType()).isTrue();

        Accumulator oldest = Trees.inOrder(type, List.of(7L));
        assertThat(total.remove(oldest)).as("what stays is not known").isFalse();
        assertThat(total.remove(type.create())).isTrue();
        oldest.merge(total);
        assertThat(oldest.isBeyondType()).isTrue();
    }

    @Example
    void allFoldsOfAColumnShareTheirSlices() {
        assertThat(new AccumulatorType(new Ema(0.5), DataType.LONG, 1_000).ofSlices())
                .isEqualTo(new AccumulatorType(new DecayedSum(HOUR), DataType.LONG, 2_000).ofSlices());
    }

    /** Times and values in turn; a lifetime's running fold and a window's must agree. */
    private static Object folded(Aggregate aggregate, Number... timesAndValues) {
        List<Object> results = new ArrayList<>();
        for (long length : new long[] {0, 1_000}) {
            Accumulator fold = new AccumulatorType(aggregate, DataType.DOUBLE, length).create();
            for (int i = 0; i < timesAndValues.length; i += 2) {
                fold.add(timesAndValues[i + 1], new InputEvent(timesAndValues[i].longValue(), 0, i, new Object[] {}));
            }
            results.add(fold.value());
        }
        assertThat(results.get(0)).isEqualTo(results.get(1));
        return results.get(0);
    }
}
