package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
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

    private HistoryWriter writer(FeatureView view, int batchSize) {
        return writer(view, batchSize, LITTLE);
    }

    private HistoryWriter writer(FeatureView view, int batchSize, StorePatience patience) {
        JdbcExecutionOptions execution = JdbcExecutionOptions.builder()
                .withBatchSize(batchSize)
                .withBatchIntervalMs(500)
                .build();
        HistoryBatch batch = new HistoryBatch(
                view, new SimpleJdbcConnectionProvider(HistorySink.connection(sandbox.postgresJdbcUrl(), null, null)));
        return new HistoryWriter(batch, execution, patience, clock, new UnregisteredMetricsGroup());
    }

    private static FeatureView view(String name) {
        FeatureView view = TestViews.byCard(TestViews.payments(name));
        await().ignoreExceptions().untilAsserted(() -> history.create(view));
        return view;
    }

    private static RowUpdate update(FeatureView view, long validFrom, long count) {
        FeatureRow row =
                new FeatureRow(Arrays.asList(count, 1.5, null, "DE"), validFrom, FeatureRow.NEVER, validFrom - 1);
        return new RowUpdate("[\"c\"]", validFrom, RowCodec.of(view).encode(row), 0);
    }
}
