package dev.tidemark.engine.oracle;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of a source's log.
 *
 * @param partition the partition of the source's topic
 * @param offset the offset in that partition
 * @param time event time, epoch milliseconds
 * @param columns the source's columns by name; nulls may be absent
 */
public record LogEvent(int partition, long offset, long time, Map<String, @Nullable Object> columns) {
    /** The order on which everything depends that has an order. */
    static final Comparator<LogEvent> ORDER = Comparator.comparingLong(LogEvent::time)
            .thenComparingInt(LogEvent::partition)
            .thenComparingLong(LogEvent::offset);

    public LogEvent {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    @Override
    public String toString() {
        return partition + ":" + offset + " at " + time + " " + columns;
    }
}
