package dev.tidemark.benchmarks;

import java.io.Serializable;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * A sink that discards a run's results, but for how far they have come. It must run in this process.
 *
 * @param run the name of the run
 * @param time of a row
 */
record Results<T>(String run, TimeOf<T> time) implements Sink<T> {
    /** Of each run, how far each parallel instance has come. */
    private static final Map<String, Queue<AtomicLong>> REACHED = new ConcurrentHashMap<>();

    /** Tells a row's time. */
    interface TimeOf<T> extends Serializable {
        /** The instant, epoch milliseconds, before which all events are in the results once this row is out. */
        long of(T row);
    }

    /** The instant that the results of a run have reached in every instance; {@link Long#MIN_VALUE} if one has none yet. */
    static long reached(String run) {
        return REACHED.getOrDefault(run, new ConcurrentLinkedQueue<>()).stream()
                .mapToLong(AtomicLong::get)
                .min()
                .orElse(Long.MIN_VALUE);
    }

    /** Forgets a run. */
    static void forget(String run) {
        REACHED.remove(run);
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        AtomicLong reached = new AtomicLong(Long.MIN_VALUE);
        REACHED.computeIfAbsent(run, name -> new ConcurrentLinkedQueue<>()).add(reached);
        return new Writer<>(reached, time);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final AtomicLong shared;
        private final TimeOf<T> time;
        private long reached = Long.MIN_VALUE;

        Writer(AtomicLong shared, TimeOf<T> time) {
            this.shared = shared;
            this.time = time;
        }

        @Override
        public void write(T row, Context context) {
            long instant = time.of(row);
            if (instant > reached) {
                reached = instant;
                shared.setRelease(instant);
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
