package dev.tidemark.cli;

import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import java.util.OptionalLong;

/**
 * What the demo has done so far.
 *
 * @param events records that the job read, refused ones among them
 * @param deadLetters of these, refused ones
 * @param historyRows rows in Postgres
 * @param onlineKeys rows in Redis: one for each entity and view
 * @param freshnessP50 milliseconds from the production of an event to the moment its row can be read in Redis
 * @param freshnessP99 as the median, for the slowest hundredth
 * @param settled the settled instant that all views have reached, epoch milliseconds; empty if none yet
 */
record DemoStatus(
        long events,
        long deadLetters,
        long historyRows,
        long onlineKeys,
        OptionalLong freshnessP50,
        OptionalLong freshnessP99,
        OptionalLong settled) {

    /** Counts in the stores themselves, and takes from the job what only it knows. */
    static DemoStatus read(HistoryStore history, OnlineStore online) {
        long deadLetters = LiveMetrics.count("deadLetters");
        // A view refuses an event only after the ingest accepted it.
        long refusedByViews = LiveMetrics.count("reason.behind_settled.deadLetters");
        return new DemoStatus(
                LiveMetrics.count("eventsAccepted") + deadLetters - refusedByViews,
                deadLetters,
                history.countAll(),
                online.size(),
                LiveMetrics.quantile("freshnessMillis", 0.5),
                LiveMetrics.quantile("freshnessMillis", 0.99),
                settledInstant());
    }

    /** The least watermark of all operators stands one millisecond before it. */
    private static OptionalLong settledInstant() {
        OptionalLong watermark = LiveMetrics.least("currentInputWatermark");
        return watermark.isEmpty() || watermark.getAsLong() == Long.MIN_VALUE
                ? OptionalLong.empty()
                : OptionalLong.of(watermark.getAsLong() + 1);
    }

    /** The one line that a script reads. */
    String summary() {
        return "events=" + events + " history_rows=" + historyRows + " online_keys=" + onlineKeys + " dead_letters="
                + deadLetters;
    }
}
