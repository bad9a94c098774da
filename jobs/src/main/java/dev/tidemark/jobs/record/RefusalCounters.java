package dev.tidemark.jobs.record;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** One counter of dead letters for each reason. */
public final class RefusalCounters {
    private final Map<RefusalReason, Counter> counters = new EnumMap<>(RefusalReason.class);

    public RefusalCounters(MetricGroup metrics) {
        for (RefusalReason reason : RefusalReason.values()) {
            counters.put(reason, metrics.addGroup("reason", reason.spelling()).counter("deadLetters"));
        }
    }

    public void count(RefusalReason reason) {
        Objects.requireNonNull(counters.get(reason)).inc();
    }
}
