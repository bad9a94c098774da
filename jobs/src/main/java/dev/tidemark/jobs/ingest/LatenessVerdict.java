package dev.tidemark.jobs.ingest;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Judges events in the order of their partitions' logs: an event is late if its time is more than the allowed lateness behind the
 * greatest time that precedes it in its own partition. The verdict depends on the log alone.
 */
final class LatenessVerdict {
    private final long allowedLateness;
    private final Map<Integer, Long> greatest = new HashMap<>();

    /**
     * A judge who has seen nothing yet.
     *
     * @param allowedLateness milliseconds
     */
    LatenessVerdict(long allowedLateness) {
        this.allowedLateness = allowedLateness;
    }

    /**
     * Whether the next event of a partition is late; if not, it counts for those after it. To be called once an event, and not for records that
     * were refused for another reason.
     *
     * @param time event time, epoch milliseconds
     */
    boolean isLate(int partition, long time) {
        Long before = greatest.get(partition);
        if (before != null && time < before - allowedLateness) {
            return true;
        }
        if (before == null || time > before) {
            greatest.put(partition, time);
        }
        return false;
    }

    /** How far an event of the partition is behind its greatest time, in milliseconds; negative if it leads. */
    long behind(int partition, long time) {
        return greatest.getOrDefault(partition, time) - time;
    }

    /** Takes up a greatest time that was recorded before; the greater one counts. */
    void restore(int partition, long time) {
        greatest.merge(partition, time, Math::max);
    }

    /** Hands over each partition and its greatest time. */
    void forEach(BiConsumer<Integer, Long> recorder) {
        greatest.forEach(recorder);
    }
}
