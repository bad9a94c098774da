package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.FencedException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The three defects of the connector's own sink, absent; see the javadoc of each test. */
class HistoryWriterIT {
    private static final StorePatience LITTLE = new StorePatience(Duration.ofMillis(300));

    private static Sandbox sandbox;
    private static Postgres postgres;
    private static PostgresHistoryStore history;

    private final TestProcessingTimeService clock = new TestProcessingTimeService();

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
        Registry.open(postgres);
        history = new PostgresHistoryStore(postgres);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        sandbox.close();
    }

    /** A batch that repeats a key fails there, because batches are rewritten into one statement. */
    @Test
    void takesARowTwiceInOneBatchAndKeepsTheLater() throws Exception {
        FeatureView view = view("twice");
        HistoryWriter writer = writer(view, 1_000);
        for (long amount = 0; amount < 10; amount++) {
            writer.write(update(view, 5, amount), null);
            writer.write(update(view, 6, amount), null);
        }
        writer.flush(false);

        assertThat(history.rows(view, "[\"c\"]"))
                .extracting(row -> row.values().get(0))
                .containsExactly(9L, 9L);
        writer.close();
    }

    @Test
    void saysHowFarTheHistoryHasComeOnceItsRowsAreThere() throws Exception {
        FeatureView view = view("settled");
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);
        writer.writeWatermark(new Watermark(9));
        assertThat(history.settled(view)).isNull();
        writer.flush(false);
        assertThat(history.settled(view)).isEqualTo(10);

        writer.write(update(view, 15, 1), null);
        writer.writeWatermark(new Watermark(19));
        writer.close();
        assertThat(history.settled(view)).as("after a stop").isEqualTo(20);
        assertThat(history.count(view)).isEqualTo(2);
    }

    @Test
    void saysNothingOfTheHistoryIfItIsClosedBeforeAnythingIsSettled() throws Exception {
        FeatureView view = view("unsettled");
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);
        writer.close();

        assertThat(history.count(view)).isEqualTo(1);
        assertThat(history.settled(view)).isNull();
    }

    /** A Postgres that is away makes close() throw there, which takes the TaskManager down. */
    @Test
    void failsCleanlyWhenItsPatienceEnds() throws Exception {
        FeatureView view = view("away");
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);
        writer.flush(false);
        writer.write(update(view, 6, 1), null);

        sandbox.postgres().stop();
        try {
            assertThatThrownBy(() -> writer.flush(false))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Could not write 1 rows to Postgres for PT0.3S: ");
            assertThatCode(writer::close).doesNotThrowAnyException();
        } finally {
            sandbox.postgres().start();
        }
    }

    @Test
    void keepsWhatWasNotWrittenForTheNextFlush() throws Exception {
        FeatureView view = view("later");
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);

        sandbox.postgres().stop();
        assertThatThrownBy(() -> writer.flush(false)).isInstanceOf(IOException.class);
        sandbox.postgres().start();
        writer.flush(false);

        // The test's own connections may have died with the server.
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(history.count(view)).isEqualTo(1));
        writer.close();
    }

    @Test
    void holdsOnUntilPostgresIsBack() throws Exception {
        FeatureView view = view("back");
        HistoryWriter writer = writer(view, 1_000, StorePatience.DEFAULT);
        writer.write(update(view, 5, 1), null);
        writer.flush(false);
        writer.write(update(view, 6, 1), null);

        sandbox.postgres().stop();
        FutureTask<Void> flush = new FutureTask<>(() -> {
            writer.flush(false);
            return null;
        });
        Thread task = new Thread(flush, "history-writer");
        task.start();
        await().until(() -> task.getState() == Thread.State.TIMED_WAITING);
        assertThat(flush).isNotDone();
        sandbox.postgres().start();
        flush.get(60, TimeUnit.SECONDS);

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(history.count(view)).isEqualTo(2));
        writer.close();
    }

    @Test
    void doesNotTryAgainWhatCannotSucceed() throws Exception {
        FeatureView view = TestViews.byCard(TestViews.payments("no_table"));
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);

        assertThatThrownBy(() -> writer.flush(false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Postgres refused rows of view card_no_table@1")
                .hasMessageContaining("does not exist");
        writer.close();
    }

    @Test
    void writesFullBatchesAtOnceAndOthersAfterAWhile() throws Exception {
        FeatureView view = view("batches");
        HistoryWriter writer = writer(view, 2);
        writer.write(update(view, 1, 1), null);
        writer.write(update(view, 2, 1), null);
        assertThat(history.count(view)).isEqualTo(2);

        writer.write(update(view, 3, 1), null);
        assertThat(history.count(view)).isEqualTo(2);
        clock.advance(500);
        assertThat(history.count(view)).isEqualTo(3);

        writer.writeWatermark(new Watermark(Long.MAX_VALUE));
        writer.flush(true);
        writer.close();
    }

    @Test
    void writesABatchOfLargeRowsBeforeItHasMany() throws Exception {
        FeatureView view = view("large");
        HistoryWriter writer = writer(view, 1_000);
        String megabytes = "x".repeat(4 << 20);
        for (long count = 0; count < 10; count++) {
            writer.write(update(view, 1, count, megabytes), null); // Each in the place of the one before.
        }
        writer.write(update(view, 2, 1, megabytes), null);
        writer.write(update(view, 3, 1, megabytes), null);
        assertThat(history.count(view)).isZero();
        writer.write(update(view, 4, 1, megabytes), null);
        assertThat(history.count(view)).isEqualTo(4);

        writer.write(update(view, 5, 1, megabytes), null);
        assertThat(history.count(view)).as("of the next batch").isEqualTo(4);
        writer.close();
    }

    /** Its exactly-once mode leaves prepared transactions that a job with fewer subtasks does not find again. */
    @Test
    void isReplacedByFewerWritersWithNothingLeftBehind() throws Exception {
        FeatureView view = view("scaled_down");
        for (int subtask = 0; subtask < 3; subtask++) {
            HistoryWriter writer = writer(view, 1_000, LITTLE, live("three", subtask));
            writer.write(update(view, 10 + subtask, 1), null);
            writer.flush(false); // Before a checkpoint; then the job is gone, and nobody closes the writer.
            writer.write(update(view, 20 + subtask, 1), null);
        }
        for (int subtask = 0; subtask < 2; subtask++) {
            HistoryWriter writer = writer(view, 1_000, LITTLE, live("two", subtask));
            for (long time = 20 + subtask; time < 23; time += 2) {
                writer.write(update(view, time, 1), null);
            }
            writer.flush(true);
            writer.close();
        }

        assertThat(history.rows(view, "[\"c\"]"))
                .extracting(FeatureRow::validFrom)
                .containsExactly(10L, 11L, 12L, 20L, 21L, 22L);
        assertThat(one("select count(*) from pg_prepared_xacts")).isZero();
        assertThat(one("select count(*) from pg_locks where locktype = 'relation' and relation::regclass::text"
                        + " like 'history.%' and pid <> pg_backend_pid()"))
                .as("locks of writers that nobody closed")
                .isZero();
    }

    @Test
    void deletesARowAndKeepsTheOrderOfItsUpdates() throws Exception {
        FeatureView view = view("deleted");
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, 5, 1), null);
        writer.write(update(view, 6, 1), null);
        writer.flush(false);
        writer.write(update(view, 5, 2), null);
        writer.write(deletion(5), null);
        writer.write(deletion(6), null);
        writer.write(update(view, 6, 3), null);
        writer.flush(false);

        assertThat(history.rows(view, "[\"c\"]"))
                .extracting(FeatureRow::validFrom, row -> row.values().get(0))
                .containsExactly(tuple(6L, 3L));
        writer.close();
    }

    @Test
    void writesNothingOnceItWasReplaced() throws Exception {
        FeatureView view = view("zombie");
        HistoryWriter zombie = writer(view, 1_000, LITTLE, live("run", 0));
        zombie.write(update(view, 5, 1), null);
        zombie.flush(false);
        zombie.write(update(view, 5, 9), null);
        zombie.write(update(view, 6, 9), null);
        HistoryWriter successor = writer(view, 1_000, LITTLE, live("next run", 0));
        successor.write(update(view, 7, 1), null);
        successor.flush(false);

        assertThatThrownBy(() -> zombie.flush(false))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("history/0")
                .hasMessageContaining("has taken its place");
        assertThat(history.rows(view, "[\"c\"]"))
                .extracting(FeatureRow::validFrom, row -> row.values().get(0))
                .containsExactly(tuple(5L, 1L), tuple(7L, 1L));
        zombie.close();
        successor.close();
    }

    @Test
    void dropsOldMonthsOnceADay() throws Exception {
        FeatureView view = view("retained").withHistory(new FeatureView.History(Duration.ofDays(400), null));
        long now = Instant.parse("2025-06-15T00:00:00Z").toEpochMilli();
        clock.setCurrentTime(now);
        HistoryWriter writer = writer(view, 1_000);
        writer.write(update(view, Instant.parse("2024-04-30T23:59:59.999Z").toEpochMilli(), 1), null);
        writer.write(update(view, Instant.parse("2024-05-01T00:00:00Z").toEpochMilli(), 2), null);
        writer.flush(false);
        assertThat(history.count(view)).as("nothing is settled").isEqualTo(2);

        writer.writeWatermark(
                new Watermark(Instant.parse("2025-05-01T00:00:00Z").toEpochMilli()));
        writer.flush(false);
        assertThat(history.count(view))
                .as("by the settled instant, which is behind the clock")
                .isEqualTo(2);

        writer.writeWatermark(
                new Watermark(Instant.parse("9999-01-01T00:00:00Z").toEpochMilli()));
        writer.flush(false);
        assertThat(history.count(view)).as("not again on the same day").isEqualTo(2);
        clock.setCurrentTime(now + Duration.ofDays(1).toMillis());
        writer.flush(false);
        assertThat(history.count(view)).as("never ahead of the clock").isEqualTo(1);
        writer.close();
    }

    private HistoryWriter writer(FeatureView view, int batchSize) throws IOException {
        return writer(view, batchSize, LITTLE);
    }

    private HistoryWriter writer(FeatureView view, int batchSize, StorePatience patience) throws IOException {
        return writer(view, batchSize, patience, live("run", 0));
    }

    private HistoryWriter writer(FeatureView view, int batchSize, StorePatience patience, Writer identity)
            throws IOException {
        JdbcExecutionOptions execution = JdbcExecutionOptions.builder()
                .withBatchSize(batchSize)
                .withBatchIntervalMs(500)
                .build();
        PostgresSession session =
                new PostgresSession(view.id(), HistorySink.connection(sandbox.postgresJdbcUrl(), null, null));
        HistoryBatch batch = new HistoryBatch(view, session.enter(identity, patience), session);
        HistoryRetention retention = new HistoryRetention(view.history().retention(), clock, batch);
        return new HistoryWriter(batch, retention, execution, patience, clock, new UnregisteredMetricsGroup());
    }

    private static Writer live(String run, int subtask) {
        return new Writer(Writer.Line.LIVE, "job", run, "history/" + subtask, 0);
    }

    private static long one(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static FeatureView view(String name) {
        FeatureView view = TestViews.byCard(TestViews.payments(name));
        await().ignoreExceptions().untilAsserted(() -> history.create(view));
        return view;
    }

    static RowUpdate update(FeatureView view, long validFrom, long count) {
        return update(view, validFrom, count, "DE");
    }

    static RowUpdate update(FeatureView view, long validFrom, long count, String country) {
        FeatureRow row =
                new FeatureRow(Arrays.asList(count, 1.5, null, country), validFrom, FeatureRow.NEVER, validFrom - 1);
        return new RowUpdate("[\"c\"]", validFrom, RowCodec.of(view).encode(row), LogPosition.NONE, 0);
    }

    private static RowUpdate deletion(long validFrom) {
        return new RowUpdate("[\"c\"]", validFrom, null, LogPosition.NONE, 0);
    }
}
