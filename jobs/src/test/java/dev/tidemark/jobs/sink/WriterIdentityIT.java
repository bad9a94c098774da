package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Flink tells a writer of itself, under either of its schedulers: the fence stands on it. */
class WriterIdentityIT {
    private static final Queue<Writer> SEEN = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @CsvSource({"default, 1", "adaptive, 2"})
    void tellsEachStartFromTheOneBefore(String scheduler, int runs) throws Exception {
        SEEN.clear();
        try (Sandbox sandbox = Sandbox.builder()
                .flink(true)
                .flinkSlots(2)
                .flinkConfiguration("jobmanager.scheduler", scheduler)
                .start()) {
            StreamExecutionEnvironment environment = sandbox.flink().environment();
            Configuration settings = new Configuration();
            settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
            settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
            settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
            environment.configure(settings);
            environment.setParallelism(2);
            environment.fromSequence(1, 100).rebalance().sinkTo(new FailsOnce());
            environment.execute("identity");
        }

        List<Writer> first = attempt(0);
        List<Writer> second = attempt(1);
        assertThat(SEEN).extracting(Writer::job).containsOnly(first.get(0).job());
        assertThat(SEEN).extracting(Writer::run).doesNotContain(first.get(0).job());
        assertThat(SEEN.stream().map(Writer::run).distinct()).hasSize(runs);
        assertThat(first).extracting(Writer::run).containsOnly(first.get(0).run());
        assertThat(second).extracting(Writer::run).containsOnly(second.get(0).run());
        assertThat(second).extracting(Writer::member).containsExactlyInAnyOrder("history/0", "history/1");
    }

    private static List<Writer> attempt(int number) {
        return SEEN.stream().filter(writer -> writer.attempt() == number).toList();
    }

    /** Runs in this process, so that it can tell the test what it was told. */
    private static final class FailsOnce implements Sink<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<Long> createWriter(WriterInitContext context) {
            Writer writer = WriterIdentity.of(Writer.Line.LIVE, "history", context);
            SEEN.add(writer);
            return new SinkWriter<>() {
                @Override
                public void write(Long element, Context ignored) {}

                @Override
                public void flush(boolean endOfInput) throws IOException {
                    if (writer.attempt() == 0) {
                        throw new IOException("Once, for the test.");
                    }
                }

                @Override
                public void close() {}
            };
        }
    }
}
