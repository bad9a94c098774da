package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class PostgresHistoryStoreIT extends HistoryStoreContract {
    private static final FeatureView COUNTS =
            TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG, "s", DataType.STRING);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));

    private static final String VERSIONS =
            "select string_agg(ctid || ' ' || xmin, ',' order by valid_from) from history.replayed_v1";
    private static final String WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
            + " and query like 'delete from tidemark.fence_writer%'";

    private static final String LOCKED_PARTS =
            "select string_agg(distinct c.relname, ',') from pg_locks l join pg_class c on c.oid = l.relation"
                    + " where l.pid = pg_backend_pid() and c.relkind = 'r' and c.relnamespace = 'history_parts'::regnamespace";

    private final Postgres postgres = TestDatabase.connect();
    private final HistoryStore store = new PostgresHistoryStore(postgres);

    @BeforeEach
    void empty() {
        TestDatabase.empty(postgres);
        Registry.open(postgres);
    }

    @AfterEach
    void close() {
        postgres.close();
    }

    @Override
    HistoryStore store() {
        return store;
    }

    @Test
    void isSettledAsFarAsAllWritersOfTheHistoryHaveCome() {
        store.create(COUNTS);
        assertThat(store.settled(COUNTS)).isNull();
        Epoch first = store.enter(COUNTS, writer("run 1", "history/0"));
        Epoch second = store.enter(COUNTS, writer("run 1", "history/1"));
        store.enter(COUNTS, writer("run 1", "online/0"));
        settle(first, 70);
        assertThat(store.settled(COUNTS)).as("one has said nothing yet").isNull();
        settle(second, 50);
        assertThat(store.settled(COUNTS)).isEqualTo(50);

        Epoch next = store.enter(COUNTS, writer("run 2", "history/0"));
        settle(second, 90);
        assertThat(store.settled(COUNTS)).as("what the last run reached").isEqualTo(50);
        settle(next, 40);
        assertThat(store.settled(COUNTS)).as("it goes on from a savepoint").isEqualTo(50);
        settle(next, 60);
        assertThat(store.settled(COUNTS)).isEqualTo(60);
    }

    private static Writer writer(String run, String member) {
        return new Writer(Writer.Line.LIVE, "job", run, member, 0);
    }

    private void settle(Epoch epoch, long instant) {
        postgres.call("settle", connection -> {
            Fence.settled(connection, epoch, instant);
            return epoch;
        });
    }

    @Test
    void keepsTextReadableForOtherPrograms() {
        FeatureView view = TestViews.view(
                "pages", 3, HostileRows.USER, "at", DataType.TIMESTAMP, "last", new DataType.ListOf(DataType.STRING));
        Instant at = Instant.parse("2026-01-01T00:00:00.123Z");
        FeatureRow row = new FeatureRow(List.of(at, List.of("a", "b")), at.toEpochMilli(), FeatureRow.NEVER, 0);
        store.create(view);
        store.write(enter(view), List.of(new HistoryWrite(view, ANN, row)));

        assertThat(TestDatabase.one(
                        postgres,
                        "select id || ' ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') || ' ' || (last->>1)"
                                + " from history.pages_v3"))
                .isEqualTo("ann 2026-01-01 00:00:00.123 b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Amsterdam", "America/Los_Angeles", "Asia/Kathmandu"})
    void doesNotDependOnTheTimeZoneOfTheProgram(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (Postgres elsewhere = TestDatabase.connect()) {
            HistoryStore there = new PostgresHistoryStore(elsewhere);
            there.create(HostileRows.EVERYTHING);
            Epoch epoch = enter(HostileRows.EVERYTHING);
            HostileRows.rows().forEach(row -> {
                there.write(epoch, List.of(new HistoryWrite(HostileRows.EVERYTHING, ANN, row)));
                FeatureRow back = there.rowAt(HostileRows.EVERYTHING, ANN, Instant.ofEpochMilli(row.validFrom()))
                        .orElseThrow();
                HostileRows.assertSameBits(back, HostileRows.withoutEnd(row));
            });
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-4711-01-01T00:00:00Z", "-0001-02-28T23:59:59.999Z", "+294276-12-30T00:00:00Z"})
    void keepsTheMostDistantInstants(String instant) {
        FeatureView view = TestViews.view("times", 1, HostileRows.USER, "at", DataType.TIMESTAMP);
        FeatureRow row = new FeatureRow(List.of(Instant.parse(instant)), 1, FeatureRow.NEVER, 0);
        store.create(view);
        store.write(enter(view), List.of(new HistoryWrite(view, ANN, row)));

        assertThat(store.rows(view, ANN)).containsExactly(row);
    }

    @Test
    void writesOnlyWhatDiffersWhenRowsComeAgain() {
        FeatureView view = TestViews.view(
                "replayed",
                1,
                HostileRows.USER,
                "d",
                DataType.DOUBLE,
                "list",
                new DataType.ListOf(DataType.DOUBLE),
                "bytes",
                DataType.BYTES);
        store.create(view);
        store.write(
                enter(view),
                List.of(
                        new HistoryWrite(view, ANN, hostile(1_000, -0.0)),
                        new HistoryWrite(view, ANN, hostile(2_000, 0.0)),
                        new HistoryWrite(view, ANN, hostile(3_000, 1.0))));
        String before = TestDatabase.one(postgres, VERSIONS);

        Epoch successor = store.enter(view, new Writer(Writer.Line.LIVE, "job", "next run", "history/0", 0));
        List<HistoryWrite> again = List.of(
                new HistoryWrite(view, ANN, hostile(1_000, -0.0)),
                new HistoryWrite(view, ANN, hostile(2_000, 0.0)),
                new HistoryWrite(view, ANN, hostile(4_000, 1.0)));
        store.write(successor, again);
        assertThat(TestDatabase.one(postgres, VERSIONS)).startsWith(before);

        store.write(successor, List.of(new HistoryWrite(view, ANN, hostile(1_000, 0.0))));
        assertThat(TestDatabase.one(postgres, VERSIONS)).doesNotStartWith(before);
        assertThat(Double.doubleToRawLongBits(
                        (Double) store.rows(view, ANN).get(0).values().get(0)))
                .as("the sign of a zero counts")
                .isZero();
    }

    /** Over one connection, which compares first once a batch held nothing new. */
    @Test
    void noticesWhatDiffersInTheMiddleOfAReplay() throws Exception {
        FeatureView view = TestViews.view("replay", 1, HostileRows.USER, "d", DataType.DOUBLE);
        store.create(view);
        Epoch epoch = enter(view);
        HistoryWrite minus = new HistoryWrite(view, ANN, new FeatureRow(List.of(-0.0), 1, FeatureRow.NEVER, 0));
        HistoryWrite plus = new HistoryWrite(view, ANN, new FeatureRow(List.of(0.0), 1, FeatureRow.NEVER, 0));
        HistoryWrite later = new HistoryWrite(view, ANN, new FeatureRow(List.of(7.0), 2, FeatureRow.NEVER, 1));
        try (var connection = postgres.dataSource().getConnection()) {
            HistoryLoader loader = new HistoryLoader(connection, view, epoch);
            for (HistoryWrite write : List.of(minus, minus, minus, plus, plus)) {
                loader.write(List.of(write));
            }
            loader.write(List.of(minus, later));
            assertThat(store.rows(view, ANN)).containsExactly(minus.row(), later.row());

            loader.write(List.of(minus, later));
            loader.write(List.of(plus, HistoryWrite.deletion(view, ANN, 2)));
            assertThat(store.rows(view, ANN)).containsExactly(plus.row());
        }
    }

    private static FeatureRow hostile(long validFrom, double value) {
        return new FeatureRow(
                List.of(value, List.of(value), new byte[] {1}), validFrom, FeatureRow.NEVER, validFrom - 1);
    }

    /** Whoever stops in the middle of a batch, with its connection open, has no lock that its successor would wait for. */
    @Test
    void isNotHeldUpByAWriterThatStopped() throws Exception {
        store.create(COUNTS);
        Epoch zombie = enter(COUNTS);
        try (var connection = postgres.dataSource().getConnection()) {
            new HistoryLoader(connection, COUNTS, zombie);
            var copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy pg_temp.tidemark_stage from stdin (format binary)");
            copy.writeToCopy("PGCOPY".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 6);
            copy.flushCopy();

            Epoch successor = store.enter(COUNTS, new Writer(Writer.Line.LIVE, "job", "next run", "history/0", 0));
            store.write(successor, List.of(new HistoryWrite(COUNTS, ANN, count(1))));
            assertThat(store.rows(COUNTS, ANN)).containsExactly(count(1));
            copy.cancelCopy();
        }
    }

    /** A flush that has passed the fence is committed before its successor gets an epoch. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void letsASuccessorInOnlyAfterAFlushThatIsBeingCommitted() throws Exception {
        store.create(COUNTS);
        Epoch zombie = enter(COUNTS);
        try (var connection = postgres.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("do $$ begin " + Fence.checkSql(zombie) + " end $$");
            }
            var entering = CompletableFuture.supplyAsync(
                    () -> store.enter(COUNTS, new Writer(Writer.Line.LIVE, "job", "next run", "history/0", 0)));
            while (!TestDatabase.one(postgres, WAITING).equals("1")) {
                Thread.onSpinWait();
            }
            assertThat(entering).isNotDone();
            connection.commit();
            assertThat(entering.get(30, TimeUnit.SECONDS).number()).isGreaterThan(zombie.number());
        }
    }

    @Test
    void numbersEpochsByTheClockIfTheFenceWasLost() {
        store.create(COUNTS);
        Epoch before = enter(COUNTS);
        TestDatabase.run(postgres, "truncate tidemark.fence_run");
        TestDatabase.run(postgres, "update tidemark.fence set serial = 1, run = 'restored from a backup'");

        Epoch after = store.enter(COUNTS, new Writer(Writer.Line.LIVE, "job", "next run", "history/0", 0));
        assertThat(after.number()).isGreaterThanOrEqualTo(before.number()).isLessThan(1L << 53);
    }

    @Test
    void keepsTheRowsOfEachMonthInAPartOfTheirOwn() {
        store.create(COUNTS);
        store.write(
                enter(COUNTS),
                List.of(
                        new HistoryWrite(COUNTS, ANN, count(1)),
                        new HistoryWrite(
                                COUNTS,
                                ANN,
                                count(Instant.parse("2024-02-01T00:00:00Z").toEpochMilli())),
                        new HistoryWrite(
                                COUNTS,
                                ANN,
                                count(Instant.parse("2024-02-29T23:59:59.999Z").toEpochMilli()))));

        assertThat(TestDatabase.one(
                        postgres,
                        "select string_agg(tableoid::regclass || ' ' || n, ', ' order by n) from (select tableoid, count(*) n"
                                + " from history.counts_v1 group by 1) parts"))
                .isEqualTo("history_parts.counts_v1_before_ 1, history_parts.counts_v1_2024_02 2");
        assertThat(store.countAll()).isEqualTo(3);
    }

    @Test
    void locksThePartsOfItsRowsOnly() throws Exception {
        store.create(COUNTS);
        List<HistoryWrite> months = new ArrayList<>();
        YearMonth first = YearMonth.of(2010, 1);
        for (int i = 0; i < 150; i++) {
            Instant start =
                    first.plusMonths(i).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            months.add(new HistoryWrite(COUNTS, ANN, count(start.toEpochMilli())));
        }
        HistoryWrite old = months.get(70);
        FeatureRow corrected = new FeatureRow(List.of(2L, "s"), old.validFrom(), FeatureRow.NEVER, old.validFrom());
        FeatureRow added = count(HistoryPartition.of(old.validFrom()).until() - 1);
        Epoch epoch = enter(COUNTS);
        try (var connection = postgres.dataSource().getConnection()) {
            HistoryLoader loader = new HistoryLoader(connection, COUNTS, epoch);
            loader.write(months);
            loader.write(List.of(old)); // From now on it compares first.
            connection.setAutoCommit(false);
            loader.write(List.of(
                    new HistoryWrite(COUNTS, ANN, corrected),
                    new HistoryWrite(COUNTS, ANN, added),
                    HistoryWrite.deletion(COUNTS, ANN, old.validFrom() + 1)));
            try (var result = connection.createStatement().executeQuery(LOCKED_PARTS)) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("counts_v1_2015_11");
            }
            connection.commit();
        }
        assertThat(store.rows(COUNTS, ANN)).hasSize(151).contains(corrected, added);
    }

    @Test
    void makesAPartAgainThatWasDroppedSinceItWasSeen() throws Exception {
        store.create(COUNTS);
        Epoch epoch = enter(COUNTS);
        try (var connection = postgres.dataSource().getConnection()) {
            HistoryLoader loader = new HistoryLoader(connection, COUNTS, epoch);
            loader.write(List.of(new HistoryWrite(COUNTS, ANN, count(1))));
            store.forget(COUNTS, Instant.parse("2001-01-01T00:00:00Z"));
            assertThat(store.count(COUNTS)).isZero();

            loader.write(List.of(new HistoryWrite(COUNTS, ANN, count(2))));
        }
        assertThat(store.rows(COUNTS, ANN)).containsExactly(count(2));
    }

    private Epoch enter(FeatureView view) {
        return store.enter(view, new Writer(Writer.Line.LIVE, "job", "run", "history/0", 0));
    }

    private static FeatureRow count(long validFrom) {
        return new FeatureRow(List.of(1L, "s"), validFrom, FeatureRow.NEVER, validFrom - 1);
    }

    @Test
    void writesAllOrNothing() {
        store.create(COUNTS);
        FeatureRow good = new FeatureRow(List.of(1L, "s"), 1_000, FeatureRow.NEVER, 999);
        String tooLong = JoinKeys.encode(HostileRows.USER, List.of("k".repeat(HistoryTable.MAX_KEY_BYTES + 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.write(
                        enter(COUNTS),
                        List.of(new HistoryWrite(COUNTS, ANN, good), new HistoryWrite(COUNTS, tooLong, good))))
                .withMessageContaining("have 2501 bytes; the history keeps at most 2500");
        assertThat(store.count(COUNTS)).isZero();
    }

    @Test
    void acceptsTheLongestKeysEvenIfTheyDoNotCompress() {
        store.create(COUNTS);
        StringBuilder noise = new StringBuilder();
        new java.util.Random(1).ints(HistoryTable.MAX_KEY_BYTES, '!', '~').forEach(noise::appendCodePoint);
        String key = JoinKeys.encode(HostileRows.USER, List.of(noise.toString()));
        FeatureRow row = new FeatureRow(List.of(1L, "s"), 1_000, FeatureRow.NEVER, 999);
        store.write(enter(COUNTS), List.of(new HistoryWrite(COUNTS, key, row)));

        assertThat(store.rows(COUNTS, key)).containsExactly(row);
    }

    @Test
    void keepsViewsWithLongNamesApart() {
        String stem = "v".repeat(70);
        FeatureView one =
                TestViews.view(stem + "a", 1, HostileRows.USER, stem + "x", DataType.LONG, stem + "y", DataType.LONG);
        FeatureView other =
                TestViews.view(stem + "b", 1, HostileRows.USER, stem + "x", DataType.LONG, stem + "y", DataType.LONG);
        FeatureRow row = new FeatureRow(List.of(1L, 2L), 1, FeatureRow.NEVER, 0);
        store.create(one);
        store.create(other);
        store.write(enter(one), List.of(new HistoryWrite(one, ANN, row)));

        assertThat(store.rows(one, ANN)).containsExactly(row);
        assertThat(store.rows(other, ANN)).isEmpty();
    }

    @Test
    void holdsTheWidestTable() {
        Object[] features = new Object[2 * 980];
        for (int i = 0; i < features.length; i += 2) {
            features[i] = "f" + i;
            features[i + 1] = DataType.DOUBLE;
        }
        FeatureView view = TestViews.view("wide", 1, HostileRows.USER, features);
        FeatureRow row = new FeatureRow(java.util.Collections.nCopies(980, 0.1), 1, FeatureRow.NEVER, 0);
        store.create(view);
        store.write(enter(view), List.of(new HistoryWrite(view, ANN, row)));

        assertThat(store.rows(view, ANN)).containsExactly(row);
    }

    @Test
    void holdsAnEntityOfAsManyJoinKeysAsADefinitionMayHave() {
        Object[] keys = new Object[2 * 31];
        for (int i = 0; i < keys.length; i += 2) {
            keys[i] = "k" + i;
            keys[i + 1] = DataType.LONG;
        }
        FeatureView view = TestViews.view("keyed", 1, TestViews.entity("many", keys), "n", DataType.LONG);
        String key = JoinKeys.encode(view.entity(), java.util.Collections.nCopies(31, Long.MIN_VALUE));
        FeatureRow row = new FeatureRow(List.of(1L), 1, FeatureRow.NEVER, 0);
        store.create(view);
        store.write(enter(view), List.of(new HistoryWrite(view, key, row)));

        assertThat(store.rows(view, key)).containsExactly(row);
    }

    @Test
    void saysWhatFailedAndWhere() {
        assertThatExceptionOfType(PostgresException.class)
                .isThrownBy(() -> store.count(COUNTS))
                .withMessageStartingWith("Could not count the history of counts@1 in Postgres at jdbc:postgresql://")
                .withMessageContaining("\"history.counts_v1\" does not exist")
                .withMessageNotContaining("password");
    }
}
