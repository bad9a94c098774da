package dev.tidemark.benchmarks;

import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * How many events an operator has taken, by Flink's own count, so that no job has to be changed to be measured. Flink makes it from its name; it must run in this process.
 */
public final class OperatorProgress implements MetricReporterFactory {
    private static final Map<String, Queue<Counter>> COUNTERS = new ConcurrentHashMap<>();

    /** Settings under which a job in this process makes its counts known here. */
    public static Configuration settings() {
        Configuration settings = new Configuration();
        settings.setString("metrics.reporter.progress.factory.class", OperatorProgress.class.getName());
        return settings;
    }

    /** The number of events so far, of all instances together; 0 if none has started yet. */
    public static long of(String operator) {
        return COUNTERS.getOrDefault(operator, new ConcurrentLinkedQueue<>()).stream()
                .mapToLong(Counter::getCount)
                .sum();
    }

    /** Forgets an operator. */
    public static void forget(String operator) {
        COUNTERS.remove(operator);
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new Reporter();
    }

    private static final class Reporter implements MetricReporter {
        @Override
        public void open(MetricConfig config) {}

        @Override
        public void close() {}

        @Override
        public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
            String operator = group.getAllVariables().get("<operator_name>");
            if (operator != null && name.equals("numRecordsIn") && metric instanceof Counter counter) {
                COUNTERS.computeIfAbsent(operator, missing -> new ConcurrentLinkedQueue<>())
                        .add(counter);
            }
        }

        /** What an operator counted is read after its end, too. */
        @Override
        public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
    }
}
