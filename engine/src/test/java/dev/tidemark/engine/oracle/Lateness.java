package dev.tidemark.engine.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A log, judged: an event is late if and only if its time is more than the allowed lateness behind the greatest time before it in
 * its own partition.
 *
 * @param onTime the events that are not late, in the order of the log
 * @param late the events that are late, in the order of the log
 */
public record Lateness(List<LogEvent> onTime, List<LogEvent> late) {

    /**
     * Judges a log.
     *
     * @param log the events of all partitions in any order that has each partition's events in the order of their offsets
     * @param allowed milliseconds, zero or more
     * @throws IllegalArgumentException if the events of a partition are not in the order of their offsets
     */
    public static Lateness judge(List<LogEvent> log, long allowed) {
        Map<Integer, Long> greatestTime = new HashMap<>();
        Map<Integer, Long> lastOffset = new HashMap<>();
        List<LogEvent> onTime = new ArrayList<>();
        List<LogEvent> late = new ArrayList<>();
        for (LogEvent event : log) {
            Long before = lastOffset.put(event.partition(), event.offset());
            if (before != null && before >= event.offset()) {
                throw new IllegalArgumentException("Partition " + event.partition() + " has offset " + event.offset()
                        + " after " + before + "; give each partition's events in the order of their offsets.");
            }
            Long greatest = greatestTime.get(event.partition());
            if (greatest != null && event.time() < greatest - allowed) {
                late.add(event);
            } else {
                onTime.add(event);
            }
            greatestTime.merge(event.partition(), event.time(), Math::max);
        }
        return new Lateness(List.copyOf(onTime), List.copyOf(late));
    }
}
