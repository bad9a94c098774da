package dev.tidemark.benchmarks;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Map<String, Counter> COUNTERS = new ConcurrentHashMap<>();

    /** The number of events so far; 0 if the operator has not started yet. */
    static long of(String operator) {
        Counter counter = COUNTERS.get(operator);
        return counter == null ? 0 : counter.getCount();
    }

    /** Forgets an operator. */
    static void forget(String operator) {
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
                COUNTERS.put(operator, counter);
            }
        }

        /** What an operator counted is read after its end, too. */
        @Override
        public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
    }
}
