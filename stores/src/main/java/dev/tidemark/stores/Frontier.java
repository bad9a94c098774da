package dev.tidemark.stores;

import dev.tidemark.engine.LogPosition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the online rows of a view version have come in the log of its source: whatever a record up to there changes is in the
 * store. It is what all parallel writers of the newest run have reached; while one of them has not said so yet, it is nothing.
 *
 * @param reached the position; {@link LogPosition#NONE} while it is not known
 * @param since records up to there are not proven to be in, because the store has lost rows of them, or may have; null if no writer
 *     has ever said how far it is
 * @param epoch the newest epoch among the writers
 */
public record Frontier(LogPosition reached, @Nullable LogPosition since, long epoch) {
    /** Nothing is known. */
    public static final Frontier UNKNOWN = new Frontier(LogPosition.NONE, null, Long.MAX_VALUE);

    /** The frontier that writers make together. */
    static Frontier of(Map<Integer, FrontierPart> byMember) {
        long epoch =
                byMember.values().stream().mapToLong(FrontierPart::epoch).max().orElse(Long.MAX_VALUE);
        if (byMember.isEmpty()) {
            return UNKNOWN;
        }
        LogPosition since = LogPosition.NONE;
        int writers = 0;
        for (FrontierPart part : byMember.values()) {
            since = since.and(part.since());
            writers = part.epoch() == epoch ? part.writers() : writers;
        }
        LogPosition reached = null;
        for (int member = 0; member < writers; member++) {
            FrontierPart part = byMember.get(member);
            // Writers of two runs do not share the entities in the same way.
            if (part == null || part.writers() != writers || Epoch.run(part.epoch()) != Epoch.run(epoch)) {
                return new Frontier(LogPosition.NONE, since, epoch);
            }
            reached = reached == null ? part.reached() : reached.shared(part.reached());
        }
        return new Frontier(reached == null ? LogPosition.NONE : reached, since, epoch);
    }

    /** Whether every record up to a position is proven to be in the store, wherever it belongs. */
    public boolean covers(LogPosition wanted) {
        LogPosition from = since;
        return from != null
                && reached.covers(wanted)
                && wanted.offsets().entrySet().stream()
                        .allMatch(entry -> from.offset(entry.getKey()) < entry.getValue());
    }

    /**
     * Whether an entity's row, read after this frontier, is proven to know every event of the entity up to a position.
     *
     * <p>In each partition either the row itself has come that far, or the frontier has: what one of them proves of a partition is true
     * whatever is known of others. The frontier does not speak for a row that a former run left and that is ahead of it: such a row
     * refuses those of the present run until they have caught up with it.
     *
     * @param row null if the store has none
     */
    public boolean covers(LogPosition wanted, @Nullable OnlineRow row) {
        if (row == null) {
            return covers(wanted);
        }
        boolean rebuilt = row.epoch() < 0;
        return row.position().covers(wanted) || !rebuilt && speaksFor(row) && covers(row.lacking(wanted));
    }

    /**
     * The writers have passed every record up to there, whatever the store has lost since: an entity's row, read after this
     * frontier, ought to know them.
     *
     * @param row null if the store has none
     */
    public LogPosition passed(@Nullable OnlineRow row) {
        return row == null || speaksFor(row) ? reached : LogPosition.NONE;
    }

    private boolean speaksFor(OnlineRow row) {
        return row.epoch() >= epoch || reached.covers(row.position());
    }
}
