package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class LatenessAlarmTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final LatenessVerdict verdict = new LatenessVerdict(TestViews.LATENESS.toMillis());
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Gauge<?>> gauges = new HashMap<>();
    private final LatenessAlarm alarm = new LatenessAlarm(SOURCE, new Gauges(), warnings::add);
    private long offset;
    private long now = START;

    @Test
    void namesTheRecordThatLeapt() {
        events(500, START);
        events(1, START + 30 * DAY);
        events(2, START + 31 * DAY);
        events(500, START + 500);

        assertThat(warnings).isEmpty();
        assertThat(gauges.get("partition.3.lateShare").getValue()).isEqualTo(0.5);

        events(4, START + 1_000);
        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .contains("501 of the last 1000 events in partition 3 of the topic payments are late")
                .contains("The record at offset 500 is to blame: it is stamped 2026-01-31T00:00:00Z, PT719H59M")
                .contains("ended at 2026-01-01T00:00:00.499Z"));
        assertThat(gauges.get("partition.3.timeLeapOffset").getValue()).isEqualTo(500L);
        assertThat(gauges.get("partition.3.timeLeapMillis").getValue()).isEqualTo(30 * DAY - 499);
    }

    @Test
    void repeatsItselfNowAndThenAndSaysWhenItIsOver() {
        events(1, START);
        events(1, START + DAY);
        events(3_000, START);
        assertThat(warnings).hasSize(1);
        now += LatenessAlarm.REPEAT_MILLIS;
        events(2, START);
        assertThat(warnings).hasSize(2);

        events(499, START + DAY);
        assertThat(warnings).hasSize(2);
        events(1, START + DAY);
        assertThat(warnings).hasSize(3).last().asString().contains("on time again");
        assertThat(gauges.get("partition.3.timeLeapOffset").getValue()).isEqualTo(-1L);
        assertThat(gauges.get("partition.3.timeLeapMillis").getValue()).isEqualTo(0L);
    }

    @Test
    void doesNotFillTheLogWhenTheShareTrembles() {
        events(1, START + DAY);
        for (int i = 0; i < 3_000; i++) {
            events(1, i % 2 == 0 ? START : START + DAY);
            events(i % 7 == 0 ? 1 : 0, START);
        }

        assertThat(warnings.size()).isBetween(1, 2);
    }

    @Test
    void tellsAfterAMinuteWhereEventsAreFew() {
        events(1, START + DAY);
        for (int i = 0; i < 11; i++) {
            assertThat(warnings).isEmpty();
            events(1, START);
            now += 6_000;
        }

        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .contains("11 of the last 12 events")
                .contains("The record at offset 0 is to blame")
                .contains("was the first event of its partition"));
        events(1, START + DAY);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void blamesNobodyWhereTheSourceIsSlow() {
        for (int i = 0; i < 1_200; i++) {
            events(1, START + i * 20_000L);
            events(2, START + i * 20_000L - 15_000);
        }

        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .contains("No record is known")
                .contains("allowed_lateness of 10000 ms"));
    }

    @Test
    void isSilentWhereHalfIsLate() {
        for (int i = 0; i < 2_000; i++) {
            events(1, START + DAY);
            events(1, START);
        }

        assertThat(warnings).isEmpty();
    }

    /** So many events of partition 3, a millisecond apart. */
    private void events(int count, long from) {
        for (int i = 0; i < count; i++) {
            PartitionTimes times = verdict.of(3);
            boolean late = times.isLate(offset++, from + i);
            alarm.look(3, times, late, from + i, now);
        }
    }

    private final class Gauges extends UnregisteredMetricsGroup {
        @Override
        public org.apache.flink.metrics.MetricGroup addGroup(String key, String value) {
            return new UnregisteredMetricsGroup() {
                @Override
                public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
                    gauges.put(key + "." + value + "." + name, gauge);
                    return gauge;
                }
            };
        }
    }
}
