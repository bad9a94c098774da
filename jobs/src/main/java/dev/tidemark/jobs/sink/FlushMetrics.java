package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Counts and times what a writer sends to its store, attempt by attempt. */
final class FlushMetrics {
    private static final int SAMPLES = 1_024;

    private final Counter flushes;
    private final Counter failures;
    private final Histogram millis;

    FlushMetrics(MetricGroup metrics) {
        flushes = metrics.counter("flushes");
        failures = metrics.counter("flushFailures");
        millis = metrics.histogram("flushMillis", new DescriptiveStatisticsHistogram(SAMPLES));
    }

    /** The same attempt, counted. */
    StorePatience.Attempt watch(StorePatience.Attempt attempt) {
        return () -> run(attempt);
    }

    private void run(StorePatience.Attempt attempt) throws StoreAwayException, IOException {
        long start = System.nanoTime();
        boolean done = false;
        try {
            attempt.run();
            done = true;
        } finally {
            (done ? flushes : failures).inc();
            if (done) {
                millis.update(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
        }
    }
}
