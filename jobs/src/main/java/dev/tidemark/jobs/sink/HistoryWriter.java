package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.stores.FencedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects settled rows and writes them when there are enough, when they have waited long enough, and before each checkpoint. */
final class HistoryWriter implements SinkWriter<RowUpdate> {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryWriter.class);

    private final HistoryBatch batch;
    private final HistoryRetention retention;
    private final int batchSize;
    private final StorePatience patience;
    private final BatchTimer timer;
    private final FlushMetrics flushes;
    private final Counter written;
    /** By primary key: one statement must not touch a row twice, and of two writes of a row the later counts. */
    private final Map<PrimaryKey, RowUpdate> pending = new LinkedHashMap<>();

    private final BatchBytes bytes = new BatchBytes(); // Of what is pending.
    private boolean failed;
    private long settling = Long.MIN_VALUE;
    private long recorded = Long.MIN_VALUE;
    private volatile long settled = Long.MIN_VALUE;

    HistoryWriter(
            HistoryBatch batch,
            HistoryRetention retention,
            JdbcExecutionOptions execution,
            StorePatience patience,
            ProcessingTimeService clock,
            MetricGroup metrics) {
        this.batch = batch;
        this.retention = retention;
        this.batchSize = execution.getBatchSize();
        this.patience = patience;
        this.timer = new BatchTimer(clock, execution.getBatchIntervalMs(), () -> flush(false));
        this.flushes = new FlushMetrics(metrics);
        this.written = metrics.counter("rowsWritten");
        metrics.gauge("settledInstant", () -> settled);
    }

    @Override
    public void write(RowUpdate update, Context context) throws IOException, InterruptedException {
        // Removed first, so that the newer write also takes the later place.
        PrimaryKey key = new PrimaryKey(update.key(), update.validFrom());
        bytes.put(update, pending.remove(key));
        pending.put(key, update);
        if (pending.size() >= batchSize || bytes.isFull()) {
            flush(false);
        } else {
            timer.start();
        }
    }

    /** A watermark comes after the rows that it settled, so they are in the table once what is pending is. */
    @Override
    public void writeWatermark(Watermark watermark) {
        if (watermark.getTimestamp() < Long.MAX_VALUE) {
            settling = watermark.getTimestamp() + 1;
            if (pending.isEmpty()) {
                settled = settling;
            }
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        if (!pending.isEmpty()) {
            failed = true;
            patience.attempt(
                    "write " + pending.size() + " rows to Postgres",
                    flushes.watch(() -> batch.write(pending.values())));
            failed = false;
            written.inc(pending.size());
            pending.clear();
            bytes.clear();
        }
        if (settling > recorded) {
            failed = true;
            patience.attempt("record in Postgres how far the history has come", () -> batch.settled(settling));
            failed = false;
            recorded = settling;
        }
        settled = settling;
        retention.keep(settled);
    }

    /**
     * Tries once to write what is pending: when a job stops with a savepoint, the rows that this has released come after the last flush, and
     * would otherwise wait for a job that goes on from there.
     */
    @Override
    public void close() {
        try {
            if (!failed && (!pending.isEmpty() || settling > recorded)) {
                batch.write(pending.values());
                if (settling > recorded) {
                    batch.settled(settling);
                }
            }
        } catch (StoreAwayException | IOException | FencedException e) {
            LOG.info("{} rows are left to the job that goes on from here: {}", pending.size(), e.getMessage());
        } finally {
            batch.close();
        }
    }

    private record PrimaryKey(String key, long validFrom) {}
}
