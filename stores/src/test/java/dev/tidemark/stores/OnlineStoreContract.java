package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.OnlineStore.Lookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every online store keeps; each test starts with an empty one. */
abstract class OnlineStoreContract {
    private static final FeatureView COUNTS = TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG);
    private static final FeatureView COUNTS_2 =
            TestViews.view("counts", 2, HostileRows.USER, "n", DataType.LONG, "more", DataType.STRING);
    private static final FeatureView PAIRS = TestViews.view("pairs", 1, HostileRows.PAIR, "n", DataType.LONG);
    private static final FeatureView PLACES = TestViews.view("places", 1, HostileRows.PLACE, "n", DataType.LONG);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));

    abstract OnlineStore store();

    @Test
    void knowsNothingOfAnEntityThatWasNeverWritten() {
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly((FeatureRow) null);
        assertThat(store().get(List.of())).isEmpty();
        assertThat(store().size()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.tidemark.stores.HostileRows#rows")
    void givesBackEveryBit(FeatureRow row) {
        store().put(List.of(new OnlineWrite(HostileRows.EVERYTHING, ANN, row)));

        FeatureRow back = store().get(HostileRows.EVERYTHING, List.of(ANN)).get(0);

        HostileRows.assertSameBits(back, row);
    }

    @Test
    void keepsHostileKeysApart() {
        List<String> keys = new ArrayList<>(HostileRows.userKeys().toList());
        // Halves of surrogate pairs have no UTF-8 form; as question marks they would be one entity.
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\uD83D")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\uDE00")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("?")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\\ud83d")));
        List<OnlineWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new OnlineWrite(COUNTS, key, row(writes.size()))));

        store().put(writes);

        List<FeatureRow> expected = LongStream.range(0, keys.size())
                .mapToObj(OnlineStoreContract::row)
                .toList();
        assertThat(store().get(COUNTS, keys)).isEqualTo(expected);
        assertThat(store().size()).isEqualTo(keys.size());
    }

    @Test
    void keepsCompositeKeysApart() {
        store().put(List.of(
                new OnlineWrite(PAIRS, HostileRows.pair("1", "11"), row(1)),
                new OnlineWrite(PAIRS, HostileRows.pair("11", "1"), row(2)),
                new OnlineWrite(PAIRS, HostileRows.pair("1\",\"1", "1"), row(3))));

        assertThat(store().get(
                                PAIRS,
                                List.of(
                                        HostileRows.pair("11", "1"),
                                        HostileRows.pair("1", "11"),
                                        HostileRows.pair("1\",\"1", "1"),
                                        HostileRows.pair("1", "1\",\"1"))))
                .containsExactly(row(2), row(1), row(3), null);
    }

    @Test
    void readsSeveralViewsAndEntitiesTogetherInTheOrderAsked() {
        String place = JoinKeys.encode(HostileRows.PLACE, List.of(Long.MIN_VALUE, true, Instant.EPOCH));
        FeatureRow second = new FeatureRow(List.of(9L, "more"), 5, 6, 4);
        store().put(List.of(
                new OnlineWrite(COUNTS, ANN, row(1)),
                new OnlineWrite(COUNTS_2, ANN, second),
                new OnlineWrite(PLACES, place, row(3))));

        assertThat(store().get(List.of(
                        new Lookup(PLACES, place),
                        new Lookup(COUNTS_2, ANN),
                        new Lookup(PAIRS, HostileRows.pair("a", "b")),
                        new Lookup(COUNTS, ANN),
                        new Lookup(PLACES, place))))
                .containsExactly(row(3), second, null, row(1), row(3));
    }

    @Test
    void keepsTheLastOfSeveralRows() {
        store().put(List.of(new OnlineWrite(COUNTS, ANN, row(1)), new OnlineWrite(COUNTS, ANN, row(2))));
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(2));

        store().put(List.of(new OnlineWrite(COUNTS, ANN, row(3))));
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(3));
        assertThat(store().size()).isEqualTo(1);
    }

    @Test
    void takesManyRowsAtOnce() {
        List<String> keys = LongStream.range(0, 2_500)
                .mapToObj(i -> JoinKeys.encode(HostileRows.USER, List.of("user" + i)))
                .toList();
        List<OnlineWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new OnlineWrite(COUNTS, key, row(writes.size()))));

        store().put(writes);
        store().put(List.of());

        assertThat(store().size()).isEqualTo(2_500);
        assertThat(store().get(COUNTS, keys))
                .extracting(row -> row.values().get(0))
                .isEqualTo(LongStream.range(0, 2_500).boxed().toList());
    }

    @Test
    void answersAPing() {
        store().ping();
    }

    private static FeatureRow row(long n) {
        return new FeatureRow(List.of(n), n + 1, n + 2, n);
    }
}
