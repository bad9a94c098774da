package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class EventTimeProgressTest {
    private static final Source SOURCE = TestViews.payments("payments", Duration.ofSeconds(30));
    private static final long START = 1_700_000_000_000L;
    private static final long LATENESS = TestViews.LATENESS.toMillis();

    private final EventReader reader = new EventReader(SOURCE, List.of(TestViews.byCard(SOURCE)));
    private final ManualClock clock = new ManualClock(1);
    private final Output output = new Output();
    private final WatermarkGenerator<SourceRecord> generator =
            EventTimeProgress.of(SOURCE).createWatermarkGenerator(new Context(clock));

    @Test
    void staysOneMillisecondBehindTheSettledInstant() {
        event(START);
        event(START - 5_000);
        generator.onPeriodicEmit(output);

        assertThat(output.said).containsExactly(String.valueOf(START - LATENESS - 1));
    }

    @Test
    void saysNothingBeforeTheFirstEvent() {
        refused();
        generator.onPeriodicEmit(output);

        assertThat(output.said).isEmpty();
    }

    @Test
    void refusedRecordsAreNoSignOfLife() {
        event(START);
        generator.onPeriodicEmit(output);
        generator.onPeriodicEmit(output);
        output.said.clear();

        clock.advanceTime(Duration.ofSeconds(31));
        refused();
        generator.onPeriodicEmit(output);
        assertThat(output.said).containsExactly("idle");

        event(START + 1);
        generator.onPeriodicEmit(output);
        assertThat(output.said).containsExactly("idle", String.valueOf(START - LATENESS));
    }

    private void event(long time) {
        feed(TestViews.payment(time, "c", 1L, "DE", 1));
    }

    private void refused() {
        feed("nonsense");
        feed(TestViews.payment(START + 86_400_000, null, 1L, "DE", 1));
    }

    private void feed(String json) {
        SourceRecord record = reader.read(0, 0, 0, json.getBytes(StandardCharsets.UTF_8));
        generator.onEvent(record, record.time(), output);
    }

    private record Context(RelativeClock clock) implements WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return clock;
        }
    }

    private static final class Output implements WatermarkOutput {
        private final List<String> said = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            said.add(String.valueOf(watermark.getTimestamp()));
        }

        @Override
        public void markIdle() {
            said.add("idle");
        }

        @Override
        public void markActive() {
            said.add("active");
        }
    }
}
