package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** What counts as done. */
final class ProgressTest {
    private static final Workload WORKLOAD = new Workload(500, 20);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String RUN = "a run";

    @Test
    void eventIsDoneWhenItWasTakenAndItsResultsAreOut() throws Exception {
        Progress byResults = new Progress(SqlJob.hop(HOUR), WORKLOAD, RUN);
        Progress byTaking = new Progress(new SlidingWindowJob(HOUR), WORKLOAD, RUN);
        Counter taken = taken();
        SinkWriter<Long> results = results();

        taken.inc(100);
        assertThat(byTaking.done()).isEqualTo(100);
        assertThat(byResults.done()).isZero();

        results.write(WORKLOAD.time(40), null);
        assertThat(byResults.done()).isEqualTo(40);

        results.write(WORKLOAD.time(140), null);
        assertThat(byResults.done()).isEqualTo(100);

        SinkWriter<Long> slower = results();
        slower.write(WORKLOAD.time(70), null);
        assertThat(byResults.done()).isEqualTo(70);

        byResults.forget();
        assertThat(byTaking.done()).isZero();
    }

    private static Counter taken() {
        Counter counter = new SimpleCounter();
        new OperatorProgress()
                .createMetricReporter(new Properties())
                .notifyOfAddedMetric(counter, "numRecordsIn", new UnregisteredMetricsGroup() {
                    @Override
                    public Map<String, String> getAllVariables() {
                        return Map.of("<operator_name>", RUN);
                    }
                });
        return counter;
    }

    private static SinkWriter<Long> results() {
        WriterInitContext unused = null;
        return new Results<Long>(RUN, row -> row).createWriter(unused);
    }
}
