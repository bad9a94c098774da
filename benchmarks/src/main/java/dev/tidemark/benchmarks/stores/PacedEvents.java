package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Workload;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;

/** Events of the present at a steady pace, to the millisecond; every tenth has a key of its own, so that its row can be told from all others. */
final class PacedEvents {
    private static final int PROBE_EVERY = 10;

    private final EventLog log;
    private final String bootstrap;
    private final int[] keys;
    private final int pace;
    private final Probes probes;
    private long next;

    /** @param pace events a second */
    PacedEvents(EventLog log, String bootstrap, Workload workload, int pace, Probes probes) {
        this.log = log;
        this.bootstrap = bootstrap;
        this.keys = workload.drawKeys();
        this.pace = pace;
        this.probes = probes;
    }

    /** Sends for so long, and returns when the broker has all. */
    void send(Duration length) {
        try (Producer<byte[], byte[]> producer = EventLog.producer(bootstrap)) {
            producer.partitionsFor(log.topic()); // So that the first event does not wait for that.
            long started = System.nanoTime();
            long count = Math.max(PROBE_EVERY, length.toMillis() * pace / 1000);
            for (long sent = 0; sent < count; sent++, next++) {
                long due = started + sent * 1_000_000_000L / pace;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                producer.send(log.record(next, key(), System.currentTimeMillis()));
            }
        }
    }

    private String key() {
        return next % PROBE_EVERY == 0 ? probes.next() : Workload.key(keys[(int) (next % keys.length)]);
    }
}
