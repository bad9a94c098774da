package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.SilentRelay;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may happen to a writer's connection that passes. */
class PostgresSessionIT {
    private static final StorePatience LITTLE = new StorePatience(Duration.ofMillis(300));

    private static Sandbox sandbox;
    private static Postgres postgres;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
        Registry.open(postgres);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        sandbox.close();
    }

    @Test
    void letsPostgresGiveUpFirst() throws Exception {
        assertThat(statementTimeout("")).isEqualTo("50s");
        assertThat(statementTimeout("&socketTimeout=30")).isEqualTo("25s");
        assertThat(statementTimeout("&socketTimeout=0")).isEqualTo("0");
    }

    /** As {@code create index} locks it. */
    @Test
    void leavesNothingBehindThatWaitsForALockedTable() throws Exception {
        FeatureView view = view("locked");
        try (PostgresSession session = session(view, "&socketTimeout=2");
                PostgresSession next = session(view, "&socketTimeout=2");
                Connection owner = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement statement = owner.createStatement()) {
            HistoryBatch batch = new HistoryBatch(view, session.enter(live("run"), LITTLE), session);
            batch.write(List.of(HistoryWriterIT.update(view, 5, 1)));
            owner.setAutoCommit(false);
            statement.execute("lock table history.card_locked_v1 in share mode");

            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatExceptionOfType(StoreAwayException.class)
                        .isThrownBy(() -> batch.write(List.of(HistoryWriterIT.update(view, 6, 1))))
                        .withMessageContaining("canceling statement due to statement timeout");
                assertThat(one(statement, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"))
                        .isEqualTo("0");
            }
            next.enter(live("next run"), LITTLE);
        }
    }

    /** The row of the fence is locked, as long as a flush lasts. */
    @Test
    void waitsNoLongerThanThatToEnterTheFence() throws Exception {
        FeatureView view = view("entered");
        try (PostgresSession session = session(view, "&socketTimeout=1");
                Connection owner = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement statement = owner.createStatement()) {
            session.enter(live("run"), LITTLE);
            owner.setAutoCommit(false);
            statement.execute("select 1 from tidemark.fence for update");

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> session.enter(live("next run"), LITTLE))
                    .withMessageStartingWith("Could not enter the fence of card_entered@1 in Postgres for PT0.3S: ")
                    .withMessageContaining("canceling statement due to statement timeout");
            owner.rollback();
            session.enter(live("next run"), LITTLE);
        }
    }

    @Test
    void holdsOnWhilePostgresDoesNotTakeWrites() throws Exception {
        FeatureView view = view("read_only");
        try (Connection owner = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement statement = owner.createStatement();
                PostgresSession session = session(view, "");
                PostgresSession other = session(view, "")) {
            HistoryBatch batch = new HistoryBatch(view, session.enter(live("run"), LITTLE), session);
            session.close();
            statement.execute("alter database tidemark set default_transaction_read_only = on");
            try {
                assertThatExceptionOfType(StoreAwayException.class)
                        .isThrownBy(() -> batch.write(List.of(HistoryWriterIT.update(view, 5, 1))))
                        .withMessageContaining("read-only transaction");
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> other.enter(live("next run"), LITTLE))
                        .withMessageStartingWith("Could not enter the fence of ")
                        .withMessageContaining("read-only transaction");
            } finally {
                statement.execute("alter database tidemark reset default_transaction_read_only");
            }
            batch.write(List.of(HistoryWriterIT.update(view, 5, 1)));
        }
        assertThat(new PostgresHistoryStore(postgres).count(view)).isEqualTo(1);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void givesUpAWriteThatNobodyTakes() throws Exception {
        FeatureView view = view("deaf");
        URI server = URI.create(sandbox.postgresJdbcUrl().substring("jdbc:".length()));
        List<RowUpdate> rows = IntStream.range(0, 32)
                .mapToObj(i -> HistoryWriterIT.update(view, i, 1, "x".repeat(1 << 20)))
                .toList();
        try (SilentRelay relay = new SilentRelay()) {
            relay.open(server.getHost(), server.getPort());
            String url = sandbox.postgresJdbcUrl().replaceFirst("//[^/]*/", "//127.0.0.1:" + relay.port() + "/")
                    + "&socketTimeout=2";
            try (PostgresSession session = new PostgresSession(view.id(), HistorySink.connection(url, null, null))) {
                HistoryBatch batch = new HistoryBatch(view, session.enter(live("run"), LITTLE), session);
                batch.write(rows.subList(0, 1));
                relay.fallDeafAfter(1 << 20);
                assertThatExceptionOfType(StoreAwayException.class).isThrownBy(() -> batch.write(rows));
            }
        }
    }

    private static String statementTimeout(String options) throws Exception {
        String[] timeout = new String[1];
        try (PostgresSession session = session(TestViews.byCard(TestViews.payments("any")), options)) {
            session.run(connection -> {
                try (Statement statement = connection.createStatement()) {
                    timeout[0] = one(statement, "show statement_timeout");
                }
            });
        }
        return timeout[0];
    }

    private static String one(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static FeatureView view(String name) {
        FeatureView view = TestViews.byCard(TestViews.payments(name));
        new PostgresHistoryStore(postgres).create(view);
        return view;
    }

    private static PostgresSession session(FeatureView view, String options) {
        return new PostgresSession(view.id(), HistorySink.connection(sandbox.postgresJdbcUrl() + options, null, null));
    }

    private static Writer live(String run) {
        return new Writer(Writer.Line.LIVE, "job", run, "history/0", 0);
    }
}
