package dev.tidemark.jobs.view;

import dev.tidemark.engine.oracle.LogEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Reads the partitions of a log, interleaved by chance, and knows what watermark a source would give. */
final class LogReader {
    private final Map<Integer, List<LogEvent>> partitions;
    private final Map<Integer, Integer> offsets;
    private final Map<Integer, Long> greatestTimes = new HashMap<>();
    private final long lateness;

    private LogReader(Map<Integer, List<LogEvent>> partitions, Map<Integer, Integer> offsets, long lateness) {
        this.partitions = partitions;
        this.offsets = new TreeMap<>(offsets);
        this.lateness = lateness;
    }

    /**
     * A reader at the beginning of a log.
     *
     * @param lateness that is allowed, milliseconds
     */
    static LogReader of(List<LogEvent> log, long lateness) {
        Map<Integer, List<LogEvent>> partitions = new TreeMap<>();
        Map<Integer, Integer> offsets = new TreeMap<>();
        for (LogEvent event : log) {
            partitions
                    .computeIfAbsent(event.partition(), none -> new ArrayList<>())
                    .add(event);
            offsets.put(event.partition(), 0);
        }
        return new LogReader(partitions, offsets, lateness);
    }

    /** A reader that starts here, as a source does after a restore: it knows offsets, and no times. */
    LogReader restored() {
        return new LogReader(partitions, offsets, lateness);
    }

    boolean atEnd() {
        return offsets.isEmpty();
    }

    /** The next event of some partition. One that has come to its end is idle, and holds nothing back. */
    LogEvent next(Random random) {
        List<Integer> unread = List.copyOf(offsets.keySet());
        int partition = unread.get(random.nextInt(unread.size()));
        List<LogEvent> events = partitions.get(partition);
        int offset = offsets.merge(partition, 1, Integer::sum);
        LogEvent event = events.get(offset - 1);
        greatestTimes.merge(partition, event.time(), Math::max);
        if (offset == events.size()) {
            offsets.remove(partition);
        }
        return event;
    }

    /** The watermark so far; {@link Long#MIN_VALUE} before there is an event of each partition that is not idle. */
    long watermark() {
        return watermark(partition -> false);
    }

    /**
     * The watermark so far, which some partitions do not hold back.
     *
     * @param idle whether a partition is one of these
     */
    long watermark(IntPredicate idle) {
        long least = Long.MAX_VALUE;
        for (int partition : offsets.keySet()) {
            if (idle.test(partition)) {
                continue;
            }
            Long greatest = greatestTimes.get(partition);
            if (greatest == null) {
                return Long.MIN_VALUE;
            }
            least = Math.min(least, greatest - lateness - 1);
        }
        return least == Long.MAX_VALUE ? Long.MIN_VALUE : least;
    }
}
