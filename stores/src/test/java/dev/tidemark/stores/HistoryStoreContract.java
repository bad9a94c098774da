package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        write(new HistoryWrite(HostileRows.EVERYTHING, ANN, row));

        List<FeatureRow> back = store().rows(HostileRows.EVERYTHING, ANN);
        assertThat(back).hasSize(1);
        HostileRows.assertSameBits(back.get(0), HostileRows.withoutEnd(row));
    }

    /** Names that the database uses itself where it writes. */
    @Test
    void keepsKeysAndFeaturesOfEveryName() {
        Entity names = TestViews.entity("names", "done", DataType.LONG, "found", DataType.STRING);
        FeatureView view = TestViews.view("names", 1, names, "s", DataType.LONG, "t", DataType.LONG);
        String key = JoinKeys.encode(names, List.of(1L, "x"));
        FeatureRow first = new FeatureRow(List.of(1L, 2L), 1_000, FeatureRow.NEVER, 0);
        FeatureRow second = new FeatureRow(List.of(3L, 4L), 1_000, FeatureRow.NEVER, 0);
        store().create(view);
        write(new HistoryWrite(view, key, first));
        write(new HistoryWrite(view, key, second));
        assertThat(store().rows(view, key)).containsExactly(second);

        write(HistoryWrite.deletion(view, key, 1_000));
        assertThat(store().rows(view, key)).isEmpty();
    }

    @Test
    void keepsHostileKeysApart() {
        store().create(COUNTS);
        List<String> keys = HostileRows.userKeys().toList();
        List<HistoryWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new HistoryWrite(COUNTS, key, row(writes.size(), 0))));

        write(writes.toArray(HistoryWrite[]::new));

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
        write(new HistoryWrite(PLACES, place, row));

        assertThat(store().rows(PLACES, place)).containsExactly(row);
        assertThat(store().rows(PLACES, other)).isEmpty();
    }

    @Test
    void findsTheRowThatHoldsAtAnInstant() {
        store().create(COUNTS);
        write(
                new HistoryWrite(COUNTS, ANN, row(2, 2_000)),
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(COUNTS, BOB, row(3, 1_500)));

        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(1, 1_000), row(2, 2_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(999))).isEmpty();
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(1_000))).contains(row(1, 1_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(1_999))).contains(row(1, 1_000));
        assertThat(store().rowAt(COUNTS, ANN, Instant.parse("9999-01-01T00:00:00Z")))
                .contains(row(2, 2_000));
    }

    @Test
    void handsOverEveryRowOfAViewEntityByEntity() {
        store().create(COUNTS);
        store().create(PLACES);
        List<String> keys = HostileRows.userKeys().toList();
        for (String key : keys) {
            write(new HistoryWrite(COUNTS, key, row(2, 2_000)), new HistoryWrite(COUNTS, key, row(1, 1_000)));
        }

        List<String> entities = new ArrayList<>();
        List<FeatureRow> rows = new ArrayList<>();
        store().scan(COUNTS, (key, row) -> {
            entities.add(key);
            rows.add(row);
        });

        assertThat(entities.stream().distinct()).containsExactlyInAnyOrderElementsOf(keys);
        for (int i = 0; i < rows.size(); i += 2) {
            assertThat(entities.get(i)).isEqualTo(entities.get(i + 1));
            assertThat(rows.subList(i, i + 2)).containsExactly(row(1, 1_000), row(2, 2_000));
        }
        assertThat(rows).hasSize(2 * keys.size());
    }

    @Test
    void replacesARowThatIsWrittenAgain() {
        store().create(COUNTS);
        write(
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(COUNTS, BOB, row(5, 1_000)),
                new HistoryWrite(COUNTS, ANN, row(2, 1_000)));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(2, 1_000));

        write(new HistoryWrite(COUNTS, ANN, row(3, 1_000)));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(3, 1_000));
        assertThat(store().count(COUNTS)).isEqualTo(2);
    }

    @Test
    void creatingAgainKeepsTheRows() {
        store().create(COUNTS);
        write(new HistoryWrite(COUNTS, ANN, row(1, 1_000)));
        store().create(COUNTS);

        assertThat(store().count(COUNTS)).isEqualTo(1);
    }

    @Test
    void countsTheRowsOfAllViews() {
        store().create(COUNTS);
        store().create(PLACES);
        store().create(HostileRows.EVERYTHING);
        String place = JoinKeys.encode(HostileRows.PLACE, List.of(1L, true, Instant.EPOCH));
        write(new HistoryWrite(COUNTS, ANN, row(1, 1_000)), new HistoryWrite(COUNTS, ANN, row(1, 2_000)));
        write(new HistoryWrite(PLACES, place, new FeatureRow(List.of(1L), 1, FeatureRow.NEVER, 0)));
        store().write(enter(COUNTS, "run"), List.of());

        assertThat(store().count(COUNTS)).isEqualTo(2);
        assertThat(store().count(HostileRows.EVERYTHING)).isZero();
        assertThat(store().countAll()).isEqualTo(3);
    }

    @Test
    void deletesRows() {
        store().create(COUNTS);
        write(new HistoryWrite(COUNTS, ANN, row(1, 1_000)), new HistoryWrite(COUNTS, ANN, row(2, 2_000)));
        write(
                HistoryWrite.deletion(COUNTS, ANN, 1_000),
                HistoryWrite.deletion(COUNTS, BOB, 1_000),
                new HistoryWrite(COUNTS, ANN, row(3, 3_000)));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(2, 2_000), row(3, 3_000));

        write(new HistoryWrite(COUNTS, ANN, row(4, 4_000)), HistoryWrite.deletion(COUNTS, ANN, 4_000));
        write(HistoryWrite.deletion(COUNTS, ANN, 3_000), new HistoryWrite(COUNTS, ANN, row(5, 3_000)));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(2, 2_000), row(5, 3_000));
    }

    @Test
    void keepsRowsOfEveryAge() {
        store().create(COUNTS);
        List<FeatureRow> rows = Stream.of(
                        "0001-01-01T00:00:00.001Z",
                        "1969-12-31T23:59:59.999Z",
                        "1999-12-31T23:59:59.999Z",
                        "2000-01-01T00:00:00Z",
                        "2024-02-29T23:59:59.999Z",
                        "2024-03-01T00:00:00Z",
                        "2099-12-31T23:59:59.999Z",
                        "2100-01-01T00:00:00Z",
                        "9999-12-31T23:59:59.999Z")
                .map(instant -> row(1, Instant.parse(instant).toEpochMilli()))
                .toList();
        write(rows.stream().map(row -> new HistoryWrite(COUNTS, ANN, row)).toArray(HistoryWrite[]::new));

        assertThat(store().rows(COUNTS, ANN)).isEqualTo(rows);
        assertThat(store().rowAt(COUNTS, ANN, Instant.parse("2024-02-29T23:59:59.998Z")))
                .contains(rows.get(3));
    }

    @Test
    void forgetsWholeMonths() {
        store().create(COUNTS);
        long january = Instant.parse("2024-01-31T23:59:59.999Z").toEpochMilli();
        write(
                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                new HistoryWrite(COUNTS, BOB, row(2, january)),
                new HistoryWrite(COUNTS, ANN, row(3, january + 1)));

        assertThat(store().forget(COUNTS, Instant.ofEpochMilli(january))).isEqualTo(1);
        assertThat(store().count(COUNTS)).isEqualTo(2);
        assertThat(store().forget(COUNTS, Instant.ofEpochMilli(january + 1))).isEqualTo(1);
        assertThat(store().forget(COUNTS, Instant.ofEpochMilli(january + 1))).isZero();
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(3, january + 1));

        write(new HistoryWrite(COUNTS, BOB, row(2, january)));
        assertThat(store().rows(COUNTS, BOB)).as("written once more").containsExactly(row(2, january));
    }

    @Test
    void givesTheSameEpochToWhoeverEntersAgain() {
        store().create(COUNTS);
        Epoch first = enter(COUNTS, "run");

        assertThat(enter(COUNTS, "run")).isEqualTo(first);
        assertThat(store().enter(COUNTS, writer("run", "history/1", 0)).number())
                .isEqualTo(first.number());
        store().write(first, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
    }

    @Test
    void shutsOutThoseOfAnOlderRun() {
        store().create(COUNTS);
        Epoch zombie = enter(COUNTS, "run");
        store().write(zombie, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        Epoch successor = enter(COUNTS, "next run");

        assertThat(successor.number()).isGreaterThan(zombie.number());
        assertFenced(() -> store().write(
                        zombie,
                        List.of(
                                new HistoryWrite(COUNTS, ANN, row(9, 1_000)),
                                new HistoryWrite(COUNTS, BOB, row(9, 1_000)))));
        assertFenced(() -> enter(COUNTS, "run"));
        assertFenced(() -> store().enter(COUNTS, writer("run", "history/0", 1)));
        store().write(successor, List.of(new HistoryWrite(COUNTS, ANN, row(2, 2_000))));
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(1, 1_000), row(2, 2_000));
        assertThat(store().rows(COUNTS, BOB)).isEmpty();
    }

    @Test
    void shutsOutAJobForGoodOnceThereIsAnother() {
        store().create(COUNTS);
        Epoch zombie = enter(COUNTS, "run");
        Epoch successor = store().enter(COUNTS, new Writer(Writer.Line.LIVE, "other job", "run", "history/0", 0));

        assertThat(successor.number()).isGreaterThan(zombie.number());
        assertFenced(() -> enter(COUNTS, "run"));
        assertFenced(() -> enter(COUNTS, "a restart that does not know of its successor"));
        store().write(successor, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
    }

    @Test
    void shutsOutAnOlderAttemptButNotItsNeighbours() {
        store().create(COUNTS);
        Epoch zombie = enter(COUNTS, "run");
        Epoch neighbour = store().enter(COUNTS, writer("run", "history/1", 3));
        Epoch successor = store().enter(COUNTS, writer("run", "history/0", 1));

        assertThat(successor.number()).isGreaterThan(zombie.number());
        assertFenced(() -> store().write(zombie, List.of(new HistoryWrite(COUNTS, ANN, row(9, 1_000)))));
        assertFenced(() -> enter(COUNTS, "run"));
        store().write(successor, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        store().write(neighbour, List.of(new HistoryWrite(COUNTS, BOB, row(2, 1_000))));
        assertThat(store().count(COUNTS)).isEqualTo(2);
    }

    @Test
    void fencesEachViewOnItsOwn() {
        store().create(COUNTS);
        store().create(PLACES);
        Epoch epoch = enter(COUNTS, "run");
        enter(PLACES, "another run");

        store().write(epoch, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().write(epoch, List.of(new HistoryWrite(PLACES, ANN, row(1, 1_000)))))
                .withMessageContaining("counts@1");
    }

    @Test
    void letsARepairFillGapsButNotChangeWhatTheLiveJobWrote() {
        store().create(COUNTS);
        Epoch live = enter(COUNTS, "run");
        store().write(live, List.of(new HistoryWrite(COUNTS, ANN, row(2, 2_000))));
        Epoch repair = store().enter(COUNTS, new Writer(Writer.Line.REPAIR, "backfill", "run", "history/0", 0));
        store().write(
                        repair,
                        List.of(
                                new HistoryWrite(COUNTS, ANN, row(1, 1_000)),
                                new HistoryWrite(COUNTS, ANN, row(9, 2_000)),
                                new HistoryWrite(COUNTS, BOB, row(9, 2_000))));
        store().write(repair, List.of(HistoryWrite.deletion(COUNTS, ANN, 2_000)));
        store().write(live, List.of(new HistoryWrite(COUNTS, BOB, row(3, 2_000))));

        assertThat(repair.number()).isNegative();
        assertThat(store().rows(COUNTS, ANN)).containsExactly(row(1, 1_000), row(2, 2_000));
        assertThat(store().rows(COUNTS, BOB)).containsExactly(row(3, 2_000));
    }

    /** A store may treat a replay, in which rows come again, in a way of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsNoRepairChangeWhatTheLiveJobWroteToo(boolean replay) {
        store().create(COUNTS);
        Epoch live = enter(COUNTS, "run");
        for (int times = 0; replay && times < 2; times++) {
            store().write(live, List.of(new HistoryWrite(COUNTS, ANN, row(7, 7_000))));
        }
        store().write(repair("first"), List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        store().write(live, List.of(new HistoryWrite(COUNTS, ANN, row(1, 1_000))));
        store().write(repair("second"), List.of(new HistoryWrite(COUNTS, ANN, row(9, 1_000))));
        store().write(repair("third"), List.of(HistoryWrite.deletion(COUNTS, ANN, 1_000)));

        assertThat(store().rowAt(COUNTS, ANN, Instant.ofEpochMilli(1_000))).contains(row(1, 1_000));
    }

    private Epoch repair(String run) {
        return store().enter(COUNTS, new Writer(Writer.Line.REPAIR, "backfill", run, "history/0", 0));
    }

    private static void assertFenced(ThrowingCallable action) {
        assertThatExceptionOfType(FencedException.class)
                .isThrownBy(action)
                .withMessageContaining("history/0")
                .withMessageContaining("counts@1");
    }

    private void write(HistoryWrite... writes) {
        FeatureView view = writes[0].view();
        store().write(enter(view, "run"), List.of(writes));
    }

    private Epoch enter(FeatureView view, String run) {
        return store().enter(view, writer(run, "history/0", 0));
    }

    private static Writer writer(String run, String member, int attempt) {
        return new Writer(Writer.Line.LIVE, "job", run, member, attempt);
    }

    private static FeatureRow row(long n, long validFrom) {
        return new FeatureRow(List.of(n, "s" + n), validFrom, FeatureRow.NEVER, validFrom - 1);
    }
}
