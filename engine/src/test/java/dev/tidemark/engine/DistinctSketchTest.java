package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/** An estimate that no order of values and merges changes, in all forms that the sketch takes as it grows. */
class DistinctSketchTest {
    private static final AccumulatorType LONGS = new AccumulatorType(Plain.APPROX_COUNT_DISTINCT, DataType.LONG, 0);

    @Property(tries = 1000)
    void theOrderOfValuesAndMergesChangesNothing(@ForAll @IntRange(max = 1_000) int size, @ForAll long seed) {
        List<Long> values = longs(size, seed);
        DistinctSketch one = (DistinctSketch) Trees.inOrder(LONGS, values);
        DistinctSketch another = (DistinctSketch) Trees.random(LONGS, values, new Random(seed));
        assertThat(another.estimate()).isEqualTo(one.estimate());
        assertThat(Trees.bytes(another)).isEqualTo(Trees.bytes(one));
        assertThat(((DistinctSketch) Trees.recoded(LONGS, one)).estimate()).isEqualTo(one.estimate());
    }

    @Property(tries = 20)
    void norDoesItWhenTheSketchIsFull(@ForAll @IntRange(min = 10_000, max = 60_000) int size, @ForAll long seed) {
        theOrderOfValuesAndMergesChangesNothing(size, seed);
    }

    @Property(tries = 200)
    void theTypeOfTheRegistersChangesNothing(@ForAll @IntRange(max = 10_000) int size, @ForAll long seed) {
        HllSketch four = new HllSketch(DistinctSketch.LOG_REGISTERS, TgtHllType.HLL_4);
        HllSketch eight = new HllSketch(DistinctSketch.LOG_REGISTERS, TgtHllType.HLL_8);
        for (long value : longs(size, seed)) {
            four.update(value);
            eight.update(value);
        }
        assertThat(four.getCompositeEstimate()).isEqualTo(eight.getCompositeEstimate());
    }

    @Example
    void isExactWhileValuesAreFewAndThenWithinFourStandardErrors() {
        double standardError = 1.04 / Math.sqrt(1 << DistinctSketch.LOG_REGISTERS);
        for (int size : new int[] {1, 7, 8, 9, 100, 384}) {
            assertThat(Trees.inOrder(LONGS, longs(size, 1)).value()).isEqualTo((long) size);
        }
        for (int size : new int[] {385, 500, 1_000, 5_000, 20_000, 100_000, 400_000}) {
            assertThat((Long) Trees.inOrder(LONGS, longs(size, 1)).value())
                    .isCloseTo((long) size, within((long) (4 * standardError * size)));
        }
    }

    @Example
    void itsBytesAreBounded() {
        assertThat(Trees.bytes(Trees.inOrder(LONGS, longs(384, 2)))).hasSizeLessThan(1_600);
        assertThat(Trees.bytes(Trees.inOrder(LONGS, longs(100_000, 2)))).hasSizeBetween(2_048, 2_200);
    }

    @Example
    void tellsZerosApartAndCountsWhatIsEmpty() {
        AccumulatorType doubles = new AccumulatorType(Plain.APPROX_COUNT_DISTINCT, DataType.DOUBLE, 0);
        assertThat(Trees.inOrder(doubles, List.of(0.0, -0.0, 0.0)).value()).isEqualTo(2L);
        AccumulatorType strings = new AccumulatorType(Plain.APPROX_COUNT_DISTINCT, DataType.STRING, 0);
        assertThat(Trees.inOrder(strings, List.of("", "a", "")).value()).isEqualTo(2L);
    }

    @Example
    void cannotForgetButNothing() {
        Accumulator three = Trees.inOrder(LONGS, List.of(1L, 2L, 3L));
        assertThat(three.remove(LONGS.create())).isTrue();
        assertThat(three.remove(Trees.inOrder(LONGS, List.of(1L)))).isFalse();
        assertThat(LONGS.create().value()).isNull();
        assertThat(LONGS.create().isEmpty()).isTrue();
    }

    private static List<Long> longs(int size, long seed) {
        Random random = new Random(seed);
        List<Long> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(random.nextLong());
        }
        return values;
    }
}
