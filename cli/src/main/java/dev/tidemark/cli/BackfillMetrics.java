package dev.tidemark.cli;

import dev.tidemark.jobs.backfill.BackfillJob;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** What the backfill that runs in this process has done. Unlike Flink it remembers that after the tasks have ended, for the summary. */
public final class BackfillMetrics implements MetricReporter {
    /** Flink settings that make its metrics known here. */
    static final Map<String, String> SETTINGS =
            Map.of("metrics.reporters", "backfill", "metrics.reporter.backfill.factory.class", Factory.class.getName());

    // Flink makes the reporter; the command, in the same process, reads it.
    private static final Map<Metric, String> COUNTERS = new ConcurrentHashMap<>();
    private static final Map<Metric, String> PROGRESS = new ConcurrentHashMap<>();

    /** Forgets a backfill before. */
    static void reset() {
        COUNTERS.clear();
        PROGRESS.clear();
    }

    /** The sum of all counters of a name, those of tasks that were restarted among them. */
    static long count(String name) {
        return COUNTERS.entrySet().stream()
                .filter(entry -> entry.getValue().endsWith("." + name))
                .mapToLong(entry -> ((Counter) entry.getKey()).getCount())
                .sum();
    }

    /** How many offsets are behind; empty while nothing runs. */
    static OptionalLong offsetsDone() {
        return PROGRESS.keySet().stream()
                .map(metric -> ((Gauge<?>) metric).getValue())
                .filter(Long.class::isInstance)
                .mapToLong(Long.class::cast)
                .max();
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (metric instanceof Counter) {
            COUNTERS.put(metric, group.getMetricIdentifier(name));
        } else if (metric instanceof Gauge && name.equals(BackfillJob.OFFSETS_DONE)) {
            PROGRESS.put(metric, name);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        PROGRESS.remove(metric);
    }

    /** Found by Flink through its service file. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new BackfillMetrics();
        }
    }
}
