package dev.tidemark.jobs.audit;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.Frontier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be said of a view's rows at the time of an audit. Instants are epoch milliseconds.
 *
 * @param settled up to where the audited log settles rows; {@link Long#MIN_VALUE} without a log
 * @param stoodStill whether nothing was added to the log since, so that later history rows can be told again, too
 * @param end the end of the audited log
 * @param newest the greatest valid_from in the history
 * @param complete up to where the history's writers say that it is; what lies behind may still come
 * @param frontier how far the writers of online rows had come before those were read
 * @param now the wall clock
 */
record Scope(
        FeatureView view,
        long settled,
        boolean stoodStill,
        LogPosition end,
        long newest,
        long complete,
        Frontier frontier,
        long now) {

    /** The job may have settled more than can be seen from here, and drops old rows by what it settled. */
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** The same for another look at the stores. */
    Scope again(Frontier frontier, boolean stoodStill) {
        return new Scope(view, settled, stoodStill, end, newest, complete, frontier, now);
    }

    /** Whether the row that holds at an instant is settled once all before another instant is. */
    boolean isSettled(long validFrom, long at) {
        return end(validFrom) <= at;
    }

    /** Whether the history still has to have rows of an instant. */
    boolean isRetained(long validFrom) {
        Duration retention = view.history().retention();
        return retention == null || validFrom >= Math.min(Math.max(newest, settled) + DAY, now) - retention.toMillis();
    }

    /** Whether the online store may have forgotten the entity whose newest row this is. */
    boolean mayBeForgotten(FeatureRow row) {
        Duration ttl = view.ttl();
        return ttl != null
                && view.history().retention() != null
                && row.lastEventTime() + ttl.toMillis() < now
                && !isRetained(row.validFrom());
    }

    /** Of an entity's rows, by ascending valid_from, those that the history keeps for ever or for the time of its retention. */
    List<FeatureRow> kept(List<FeatureRow> rows) {
        List<FeatureRow> kept = new ArrayList<>();
        for (FeatureRow row : rows) {
            if (!isRetained(row.validFrom())) {
                continue;
            }
            int last = kept.size() - 1;
            if (view.history().every() != null
                    && last >= 0
                    && end(kept.get(last).validFrom()) == end(row.validFrom())) {
                kept.remove(last);
            }
            kept.add(row);
        }
        return kept;
    }

    /** The first instant from which on a row is sure to stay: its own, or the end of its interval in a coarser history. */
    private long end(long validFrom) {
        Duration every = view.history().every();
        if (every == null) {
            return validFrom;
        }
        return (Math.floorDiv(validFrom, every.toMillis()) + 1) * every.toMillis();
    }
}
