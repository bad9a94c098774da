package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
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
    private final RowCodec codec;
    private final OnlineStore store;
    private final int batchSize;
    private final StorePatience patience;
    private final ProcessingTimeService clock;
    private final BatchTimer timer;
    private final Counter written;
    private final Histogram freshness;
    private final Map<String, RowUpdate> pending = new LinkedHashMap<>();
    /** When the records were produced that the pending rows took in, a coalesced row's among them: epoch milliseconds. */
    private final List<Long> produced = new ArrayList<>();

    OnlineWriter(
            FeatureView view,
            OnlineStore store,
            OnlineSink.Batching batching,
            StorePatience patience,
            ProcessingTimeService clock,
            MetricGroup metrics) {
        this.view = view;
        this.codec = RowCodec.of(view);
        this.store = store;
        this.batchSize = batching.rows();
        this.patience = patience;
        this.clock = clock;
        this.timer = new BatchTimer(clock, batching.delay().toMillis(), () -> flush(false));
        this.written = metrics.counter("rowsWritten");
        this.freshness = metrics.histogram("freshnessMillis", new DescriptiveStatisticsHistogram(FRESHNESS_SAMPLES));
    }

    @Override
    public void write(RowUpdate update, Context context) throws IOException, InterruptedException {
        pending.put(update.key(), update);
        if (update.producedAt() > 0) {
            produced.add(update.producedAt());
        }
        // Coalescing may keep one busy entity's batch small for ever, but not what is to be measured of it.
        if (pending.size() >= batchSize || produced.size() >= FRESHNESS_SAMPLES) {
            flush(false);
        } else {
            timer.start();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        List<OnlineWrite> writes = new ArrayList<>(pending.size());
        for (RowUpdate update : pending.values()) {
            writes.add(new OnlineWrite(view, update.key(), codec.decode(update.row())));
        }
        patience.attempt("write " + writes.size() + " rows to Redis", () -> put(writes));
        written.inc(writes.size());
        long now = clock.getCurrentProcessingTime();
        produced.forEach(instant -> freshness.update(now - instant));
        produced.clear();
        pending.clear();
    }

    private void put(List<OnlineWrite> writes) throws StoreAwayException {
        try {
            store.put(writes);
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
