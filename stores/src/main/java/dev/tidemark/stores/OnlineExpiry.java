package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.time.Duration;

/**
 * When the online store may forget an entity: once its values may no longer be used, and the history has forgotten it too. Earlier, the
 * store would call an entity unknown that the history calls out of date.
 */
final class OnlineExpiry {
    /** The answer to when, if it is never. */
    static final long NEVER = 0;

    private OnlineExpiry() {}

    /** The instant at which a row may go, epoch milliseconds, or {@link #NEVER}. */
    static long of(FeatureView view, FeatureRow row) {
        Duration ttl = view.ttl();
        Duration retention = view.history().retention();
        if (ttl == null || retention == null) {
            return NEVER;
        }
        long end = HistoryPartition.of(row.validFrom()).until();
        if (end == Long.MAX_VALUE) {
            return NEVER;
        }
        // The read at the very end of the ttl is still good.
        return Math.max(row.lastEventTime() + ttl.toMillis() + 1, end + retention.toMillis());
    }
}
