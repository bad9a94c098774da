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
    private final Map<Integer, PartitionTimes> partitions = new HashMap<>();

    /**
     * A judge who has seen nothing yet.
     *
     * @param allowedLateness milliseconds
     */
    LatenessVerdict(long allowedLateness) {
        this.allowedLateness = allowedLateness;
    }

    /** The judge of one partition. */
    PartitionTimes of(int partition) {
        PartitionTimes known = partitions.get(partition);
        if (known == null) {
            known = new PartitionTimes(allowedLateness);
            partitions.put(partition, known);
        }
        return known;
    }

    /** Hands over each partition that has a greatest time. */
    void forEach(BiConsumer<Integer, PartitionTimes> recorder) {
        partitions.forEach((partition, times) -> {
            if (times.hasGreatest()) {
                recorder.accept(partition, times);
            }
        });
    }
}
