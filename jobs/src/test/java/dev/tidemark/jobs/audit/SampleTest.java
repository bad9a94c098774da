package dev.tidemark.jobs.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SampleTest {
    private static final List<String> KEYS =
            IntStream.range(0, 5_000).mapToObj(i -> "[\"card-" + i + "\"]").toList();

    @Test
    void holdsAsManyAsWereAskedForWhateverTheirOrder() {
        List<String> sample = drawn(100, 1, KEYS);
        List<String> shuffled = new ArrayList<>(KEYS);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.addAll(KEYS);

        assertThat(sample).hasSize(100);
        assertThat(drawn(100, 1, shuffled)).isEqualTo(sample);
        assertThat(drawn(100, 2, KEYS)).doesNotContainSequence(sample);
    }

    @Test
    void takesWhatTheStoresLostAsLikelyAsTheRest() {
        // Only every second entity is known to a store; of the others about as many are below the bound.
        List<String> known =
                IntStream.range(0, 2_500).mapToObj(i -> KEYS.get(2 * i)).toList();
        assertThat(drawn(500, 3, known)).hasSizeBetween(850, 1_150);
    }

    @Test
    void holdsAllIfThereAreFewer() {
        assertThat(drawn(10_000, 1, KEYS)).isEqualTo(KEYS);
        assertThat(drawn(Integer.MAX_VALUE, 1, List.of())).isEqualTo(KEYS);
    }

    @Test
    void oneAfterTheOtherHasEveryEntityOnce() {
        List<String> taken = new ArrayList<>();
        double share = 0;
        long start = 0;
        for (int round = 0; round < 10; round++) {
            Sample sample = new Sample(500, 4, start);
            KEYS.forEach(sample::offer);
            KEYS.stream().filter(sample::contains).forEach(taken::add);
            share += sample.share();
            start = sample.next();
        }

        assertThat(taken).containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(share).isBetween(0.98, 1.0);
    }

    @Test
    void aSampleOfAllIsTheWholeShare() {
        Sample sample = new Sample(10_000, 4, 17);
        KEYS.forEach(sample::offer);

        assertThat(sample.share()).isEqualTo(1);
        assertThat(sample.next()).isEqualTo(17);
        assertThat(KEYS).allMatch(sample::contains);
    }

    private static List<String> drawn(int size, long seed, List<String> offered) {
        Sample sample = new Sample(size, seed);
        offered.forEach(sample::offer);
        return KEYS.stream().filter(sample::contains).toList();
    }
}
