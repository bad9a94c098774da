package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every history keeps; each test starts with an empty one. */
abstract class HistoryStoreContract {
    private static final FeatureView COUNTS =
            TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG, "s", DataType.STRING);
    private static final FeatureView PLACES = TestViews.view("places", 1, HostileRows.PLACE, "n", DataType.LONG);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));
    private static final String BOB = JoinKeys.encode(HostileRows.USER, List.of("bob"));

    abstract HistoryStore store();

    @Test
    void isEmptyAtFirst() {
        store().create(COUNTS);

        assertThat(store().rows(COUNTS, ANN)).isEmpty();
        assertThat(store().rowAt(COUNTS, ANN, Instant.EPOCH)).isEmpty();
        assertThat(store().count(COUNTS)).isZero();
        assertThat(store().countAll()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.tidemark.stores.HostileRows#rows")
    void givesBackEveryBit(FeatureRow row) {
        store().create(HostileRows.EVERYTHING);
        store().write(List.of(new HistoryWrite(HostileRows.EVERYTHING, ANN, row)));

        List<FeatureRow> back = store().rows(HostileRows.EVERYTHING, ANN);
        assertThat(back).hasSize(1);
        HostileRows.assertSameBits(back.get(0), HostileRows.withoutEnd(row));
    }

    @Test
    void keepsHostileKeysApart() {
        store().create(COUNTS);
        List<String> keys = HostileRows.userKeys().toList();
        List<HistoryWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new HistoryWrite(COUNTS, key, row(writes.size(), 0))));

        store().write(writes);

        for (int i = 0; i < keys.size(); i++) {
            assertThat(store().rows(COUNTS, keys.get(i))).as(keys.get(i)).containsExactly(row(i, 0));
        }
        assertThat(store().count(COUNTS)).isEqualTo(keys.size());
    }

    @Test
    void keepsKeysOfEveryType() {
        String place = JoinKeys.encode(HostileRows.PLACE, List.of(Long.MIN_VALUE, true, Instant.ofEpochMilli(-1)));
        String other = JoinKeys.encode(HostileRows.PLACE, List.of(Long.MIN_VALUE, false, Instant.ofEpochMilli(-1)));
        FeatureRow row = new FeatureRow(List.of(1L), 1, FeatureRow.NEVER, 0);
        store().create(PLACES);
        store().write(List.of(new HistoryWrite(PLACES, place, row)));

        assertThat(store().rows(PLACES, place)).containsExactly(row);
        assertThat(store().rows(PLACES, other)).isEmpty();
    }

    @Test
    void findsTheRowThatHoldsAtAnInstant() {
        store().create(COUNTS);
        store().write(List.of(
                new HistoryWrite(COUNTS, ANN, row(2, 2_000)),
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(COUNTS, BOB, row(3, 1_500))));

        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(1, 1_000), row(2, 2_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(999))).isEmpty();
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(1_000))).contains(row(1, 1_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(1_999))).contains(row(1, 1_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.parse("9999-01-01T00:00:00Z")))
                .contains(row(2, 2_000));
    }

    @Test
    void replacesARowThatIsWrittenAgain() {
        store().create(COUNTS);
        store().write(List.of(
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(COUNTS, BOB, row(5, 1_000)),
                new HistoryWrite(COUNTS, ANN, row(2, 1_000))));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(2, 1_000));

        store().write(List.of(new HistoryWrite(COUNTS, ANN, row(3, 1_000))));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(3, 1_000));
        assertThat(store().count(COUNTS)).isEqualTo(2);
    }

    @Test
    void creatingAgainKeepsTheRows() {
        store().create(COUNTS);
        store().write(List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        store().create(COUNTS);

        assertThat(store().count(COUNTS)).isEqualTo(1);
    }

    @Test
    void countsTheRowsOfAllViews() {
        store().create(COUNTS);
        store().create(PLACES);
        store().create(HostileRows.EVERYTHING);
        String place = JoinKeys.encode(HostileRows.PLACE, List.of(1L, true, Instant.EPOCH));
        store().write(List.of(
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(PLACES, place, new FeatureRow(List.of(1L), 1, FeatureRow.NEVER, 0)),
                new HistoryWrite(COUNTS, ANN, row(1, 2_000))));
        store().write(List.of());

        assertThat(store().count(COUNTS)).isEqualTo(2);
        assertThat(store().count(HostileRows.EVERYTHING)).isZero();
        assertThat(store().countAll()).isEqualTo(3);
    }

    private static FeatureRow row(long n, long validFrom) {
        return new FeatureRow(List.of(n, "s" + n), validFrom, FeatureRow.NEVER, validFrom - 1);
    }
}
