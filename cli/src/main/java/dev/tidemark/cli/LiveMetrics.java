package dev.tidemark.cli;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** The metrics of the jobs that run in this process, summed up over their parallel instances. */
public final class LiveMetrics implements MetricReporter {
    /** Flink settings that make its metrics known here. */
    static final Map<String, String> SETTINGS =
            Map.of("metrics.reporters", "live", "metrics.reporter.live.factory.class", Factory.class.getName());

    // Flink makes the reporter; the demo, in the same process, reads it.
    private static final Map<Metric, String> METRICS = new ConcurrentHashMap<>();

    /** The sum of all counters of a name, which may begin with the groups it is in: {@code reason.late.deadLetters}. */
    static long count(String name) {
        return metrics(name, Counter.class).stream()
                .mapToLong(Counter::getCount)
                .sum();
    }

    /** The least value of all gauges of a name; empty if there is none. */
    static OptionalLong least(String name) {
        return metrics(name, Gauge.class).stream()
                .map(Gauge::getValue)
                .filter(Long.class::isInstance)
                .mapToLong(Long.class::cast)
                .min();
    }

    /** The greatest of all histograms' quantiles of a name; empty if nothing was measured. */
    static OptionalLong quantile(String name, double quantile) {
        return metrics(name, Histogram.class).stream()
                .filter(histogram -> histogram.getCount() > 0)
                .mapToLong(histogram -> Math.round(histogram.getStatistics().getQuantile(quantile)))
                .max();
    }

    private static <M> List<M> metrics(String name, Class<M> type) {
        return METRICS.entrySet().stream()
                .filter(entry -> entry.getValue().endsWith("." + name) && type.isInstance(entry.getKey()))
                .map(entry -> type.cast(entry.getKey()))
                .toList();
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {
        METRICS.clear();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        METRICS.put(metric, group.getMetricIdentifier(name));
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        METRICS.remove(metric);
    }

    /** Found by Flink through its service file. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new LiveMetrics();
        }
    }
}
