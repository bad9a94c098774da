package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresHistoryStoreIT extends HistoryStoreContract {
    private static final FeatureView COUNTS =
            TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG, "s", DataType.STRING);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));

    private final Postgres postgres = TestDatabase.connect();
    private final HistoryStore store = new PostgresHistoryStore(postgres);

    @BeforeEach
    void empty() {
        TestDatabase.empty(postgres);
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
    void keepsTextReadableForOtherPrograms() {
        FeatureView view = TestViews.view(
                "pages", 3, HostileRows.USER, "at", DataType.TIMESTAMP, "last", new DataType.ListOf(DataType.STRING));
        Instant at = Instant.parse("2026-01-01T00:00:00.123Z");
        FeatureRow row = new FeatureRow(List.of(at, List.of("a", "b")), at.toEpochMilli(), FeatureRow.NEVER, 0);
        store.create(view);
        store.write(List.of(new HistoryWrite(view, ANN, row)));

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
            HostileRows.rows().forEach(row -> {
                there.write(List.of(new HistoryWrite(HostileRows.EVERYTHING, ANN, row)));
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
        store.write(List.of(new HistoryWrite(view, ANN, row)));

        assertThat(store.rows(view, ANN)).containsExactly(row);
    }

    @Test
    void deletesByKeysAndTime() throws SQLException {
        HistoryTable table = HistoryTable.of(COUNTS);
        FeatureRow row = new FeatureRow(List.of(1L, "s"), 1_000, FeatureRow.NEVER, 999);
        FeatureRow later = new FeatureRow(List.of(2L, "s"), 1_001, FeatureRow.NEVER, 1_000);
        store.create(COUNTS);
        store.write(List.of(new HistoryWrite(COUNTS, ANN, row), new HistoryWrite(COUNTS, ANN, later)));

        try (var connection = postgres.dataSource().getConnection();
                var delete = connection.prepareStatement(table.deleteSql())) {
            table.bindDelete(delete, List.of("ann"), row.validFrom());
            assertThat(delete.executeUpdate()).isEqualTo(1);
        }
        assertThat(store.rows(COUNTS, ANN)).containsExactly(later);
    }

    @Test
    void writesAllOrNothing() {
        store.create(COUNTS);
        FeatureRow good = new FeatureRow(List.of(1L, "s"), 1_000, FeatureRow.NEVER, 999);
        String tooLong = JoinKeys.encode(HostileRows.USER, List.of("k".repeat(HistoryTable.MAX_KEY_BYTES + 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.write(
                        List.of(new HistoryWrite(COUNTS, ANN, good), new HistoryWrite(COUNTS, tooLong, good))))
                .withMessageContaining("have 2001 bytes; the history keeps at most 2000");
        assertThat(store.count(COUNTS)).isZero();
    }

    @Test
    void acceptsTheLongestKeysEvenIfTheyDoNotCompress() {
        store.create(COUNTS);
        StringBuilder noise = new StringBuilder();
        new java.util.Random(1).ints(HistoryTable.MAX_KEY_BYTES, '!', '~').forEach(noise::appendCodePoint);
        String key = JoinKeys.encode(HostileRows.USER, List.of(noise.toString()));
        FeatureRow row = new FeatureRow(List.of(1L, "s"), 1_000, FeatureRow.NEVER, 999);
        store.write(List.of(new HistoryWrite(COUNTS, key, row)));

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
        store.write(List.of(new HistoryWrite(one, ANN, row)));

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
        store.write(List.of(new HistoryWrite(view, ANN, row)));

        assertThat(store.rows(view, ANN)).containsExactly(row);
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
