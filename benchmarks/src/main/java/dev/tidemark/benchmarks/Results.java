package dev.tidemark.benchmarks;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Map<String, AtomicLong> REACHED = new ConcurrentHashMap<>();

    /** Tells a row's time. */
    interface TimeOf<T> extends Serializable {
        /** The instant, epoch milliseconds, before which all events are in the results once this row is out. */
        long of(T row);
    }

    /** The instant that the results of a run have reached; {@link Long#MIN_VALUE} if there are none yet. */
    static long reached(String run) {
        AtomicLong reached = REACHED.get(run);
        return reached == null ? Long.MIN_VALUE : reached.get();
    }

    /** Forgets a run. */
    static void forget(String run) {
        REACHED.remove(run);
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(REACHED.computeIfAbsent(run, name -> new AtomicLong(Long.MIN_VALUE)), time);
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
