package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops old months of a view's history, once when the job has started and then once a day. Rows are as old as they are before the settled instant, so
 * that a job that catches up with an old log keeps what it writes; nothing is dropped ahead of the clock.
 */
final class HistoryRetention {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryRetention.class);
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final @Nullable Duration retention;
    private final ProcessingTimeService clock;
    private final HistoryBatch batch;
    private long next = Long.MIN_VALUE;

    /**
     * What keeps a retention.
     *
     * @param retention null for ever
     */
    HistoryRetention(@Nullable Duration retention, ProcessingTimeService clock, HistoryBatch batch) {
        this.retention = retention;
        this.clock = clock;
        this.batch = batch;
    }

    /**
     * Drops what is too old, if it is time for that. If it fails, it is tried again the next day: rows that stay too long harm
     * nobody, and rows that wait for a lock would.
     *
     * @param settled epoch milliseconds; {@link Long#MIN_VALUE} while nothing is settled
     */
    void keep(long settled) {
        long now = clock.getCurrentProcessingTime();
        if (retention == null || settled == Long.MIN_VALUE || now < next) {
            return;
        }
        next = now + DAY;
        try {
            batch.forget(Math.min(settled, now) - retention.toMillis());
        } catch (StoreAwayException | IOException e) {
            LOG.warn("Could not drop old history; trying again in a day: {}", e.getMessage());
        }
    }
}
