package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which operator of Flink SQL's plan is measured. */
final class SqlJobTest {
    static List<Arguments> jobs() {
        return List.of(
                Arguments.of(SqlJob.hop(Duration.ofHours(1)), "LocalWindowAggregate"),
                Arguments.of(SqlJob.over(Duration.ofHours(24)), "OverAggregate"));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void findsTheOperatorThatTakesTheEvents(SqlJob job, String operator) {
        assertThat(addTo(job).getName()).startsWith(operator + "[");
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void saysWhatThereIsIfThereIsNone(SqlJob job, String operator) {
        SqlJob other = new SqlJob("other", job.query(), "Sort", job.time());

        assertThatThrownBy(() -> addTo(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No operator of Flink's plan is called Sort")
                .hasMessageContaining(operator);
    }

    private static Transformation<?> addTo(SqlJob job) {
        return job.addTo(StreamExecutionEnvironment.createLocalEnvironment(1), new Workload(500, 20), "never run");
    }
}
