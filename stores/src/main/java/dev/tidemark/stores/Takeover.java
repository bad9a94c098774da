package dev.tidemark.stores;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a change of a view's current version.
 *
 * @param number counts the takeovers of all views
 * @param view the name of the view
 * @param from the version that was current before
 * @param to the version that is current since
 * @param at when, by the clock of Postgres
 * @param by who asked for it
 * @param proof null if it was forced, and nothing was compared
 */
public record Takeover(long number, String view, int from, int to, Instant at, String by, @Nullable Proof proof) {

    /**
     * What was compared before the takeover: rows of the version that takes over with a recomputation from the log.
     *
     * @param offsets the end of the log that was recomputed, by topic, as {@link dev.tidemark.engine.LogPosition} writes it
     * @param entities how many entities were compared
     * @param events how many events went into their recomputation
     * @param rows how many rows of both stores were compared
     * @param mismatches how many differed
     * @param unsettled how many rows could not be compared, as events behind them lie beyond the offsets or they are not settled
     * @param seed decided which entities
     */
    public record Proof(
            Map<String, String> offsets,
            long entities,
            long events,
            long rows,
            long mismatches,
            long unsettled,
            long seed) {
        public Proof {
            offsets = Map.copyOf(offsets);
        }

        /** The offsets in the order of their topics. */
        public SortedMap<String, String> sortedOffsets() {
            return new TreeMap<>(offsets);
        }
    }
}
