package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.FencedException;
import dev.tidemark.stores.OnlineResult;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.OnlineWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects provisional rows, of each entity the newest, and sends them to the online store in one round trip. */
final class OnlineWriter implements SinkWriter<RowUpdate> {
    private static final Logger LOG = LoggerFactory.getLogger(OnlineWriter.class);
    private static final int FRESHNESS_SAMPLES = 4_096;

    private final FeatureView view;
    private final Epoch epoch;
    private final RowCodec codec;
    private final OnlineStore store;
    private final FrontierPublisher frontier;
    private final int batchSize;
    private final StorePatience patience;
    private final ProcessingTimeService clock;
    private final BatchTimer timer;
    private final FlushMetrics flushes;
    private final Counter written;
    /** Rows computed again after a restart, while the stored ones know more. */
    private final Counter behind;

    private final Histogram freshness;
    private final Map<String, RowUpdate> pending = new LinkedHashMap<>();
    private final BatchBytes bytes = new BatchBytes(); // Of what is pending.
    /** When the records were produced that the pending rows took in, a coalesced row's among them: epoch milliseconds. */
    private final List<Long> produced = new ArrayList<>();

    OnlineWriter(
            FeatureView view,
            Epoch epoch,
            OnlineStore store,
            FrontierPublisher frontier,
            OnlineSink.Batching batching,
            StorePatience patience,
            ProcessingTimeService clock,
            MetricGroup metrics) {
        this.view = view;
        this.epoch = epoch;
        this.codec = RowCodec.of(view);
        this.store = store;
        this.frontier = frontier;
        this.batchSize = batching.rows();
        this.patience = patience;
        this.clock = clock;
        this.timer = new BatchTimer(clock, batching.delay().toMillis(), () -> flush(false));
        this.flushes = new FlushMetrics(metrics);
        this.written = metrics.counter("rowsWritten");
        this.behind = metrics.counter("rowsBehind");
        this.freshness = metrics.histogram("freshnessMillis", new DescriptiveStatisticsHistogram(FRESHNESS_SAMPLES));
    }

    @Override
    public void write(RowUpdate update, Context context) throws IOException, InterruptedException {
        if (update.isFrontier()) {
            frontier.reach(update.position());
            timer.start();
            return;
        }
        bytes.put(update, pending.put(update.key(), update));
        if (update.producedAt() > 0) {
            produced.add(update.producedAt());
        }
        // Coalescing may keep one busy entity's batch small for ever, but not what is to be measured of it.
        if (pending.size() >= batchSize || bytes.isFull() || produced.size() >= FRESHNESS_SAMPLES) {
            flush(false);
        } else {
            timer.start();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        if (!pending.isEmpty()) {
            sendRows();
        }
        // Behind the rows: it says that they are in.
        if (frontier.isDue()) {
            patience.attempt("write the frontier of " + view.id() + " to Redis", this::publish);
        }
    }

    private void sendRows() throws IOException, InterruptedException {
        List<OnlineWrite> writes = new ArrayList<>(pending.size());
        for (RowUpdate update : pending.values()) {
            writes.add(new OnlineWrite(view, update.key(), codec.decode(update.packed()), update.position()));
        }
        patience.attempt("write " + writes.size() + " rows to Redis", flushes.watch(() -> put(writes)));
        long now = clock.getCurrentProcessingTime();
        produced.forEach(instant -> freshness.update(now - instant));
        produced.clear();
        pending.clear();
        bytes.clear();
    }

    private void put(List<OnlineWrite> writes) throws StoreAwayException {
        OnlineResult result;
        try {
            result = store.put(epoch, writes);
        } catch (OnlineStoreException e) {
            throw new StoreAwayException(e);
        }
        written.inc(result.taken());
        behind.inc(result.behind());
        if (result.fenced() > 0) {
            throw new FencedException("Redis has rows of " + view.id()
                    + " that a later writer wrote: another job, or a newer attempt of this one, has taken the place of "
                    + epoch.writer().member() + " of the job " + epoch.writer().job()
                    + ". If the job still runs, cancel it.");
        }
    }

    private void publish() throws StoreAwayException {
        try {
            frontier.publish();
        } catch (OnlineStoreException e) {
            throw new StoreAwayException(e);
        }
    }

    /** Never throws: what is left to close is a connection that may be broken. */
    @Override
    public void close() {
        try {
            store.close();
        } catch (RuntimeException e) {
            LOG.warn("Could not close the connections to Redis: {}", e.toString());
        }
    }
}
