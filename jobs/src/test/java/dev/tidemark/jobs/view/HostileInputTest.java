package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.ViewBuilder;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data and definitions that mean no good, through the operator: bounded, and never a failure. */
class HostileInputTest {
    private static final long START = 1_700_000_000_000L;
    private static final long LONGEST = Duration.ofDays(36_500).toMillis();
    private static final ViewOptions OPTIONS = new ViewOptions(true, true, 1, Duration.ZERO);

    @Test
    @Timeout(120)
    void distinctValuesWithoutEndAreGivenUpAndComeBack() throws Exception {
        FeatureView view = new ViewBuilder()
                .lateness(0)
                .feature(Plain.COUNT_DISTINCT, "n", ViewBuilder.window(600_000, 10_000))
                .feature(new Aggregate.Histogram(2), "n", ViewBuilder.window(600_000, 10_000))
                .feature(Plain.COUNT, "n", ViewBuilder.window(600_000, 10_000))
                .build();
        int many = 100_001;
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(view)) {
            Projections projections = new Projections(view);
            for (int i = 0; i < many; i++) {
                send(harness, projections, event(i, START + i / 1_000, Map.of("user", "ann", "n", (long) i)));
                if (i % 20_000 == 0) {
                    harness.setProcessingTime(START + i / 1_000);
                }
            }
            harness.setProcessingTime(START + 1_000);
            assertThat(newest(harness, view).values()).containsExactly(null, null, (long) many);

            harness.processWatermark(START + 1_000);
            send(harness, projections, event(many, START + 700_000, Map.of("user", "ann", "n", 7L)));
            harness.setProcessingTime(START + 700_000);
            assertThat(newest(harness, view).values()).containsExactly(1L, "{\"7\":1}", 1L);
        }
    }

    @Test
    void longestWindowsHoldAtBothEndsOfTime() throws Exception {
        FeatureView view = new ViewBuilder()
                .lateness(0)
                .feature(Plain.SUM, "n", ViewBuilder.window(LONGEST, 1))
                .feature(Plain.SUM, "n", ViewBuilder.window(LONGEST, LONGEST, LONGEST))
                .feature(Plain.MAX, "n", ViewBuilder.window(1, 1, LONGEST))
                .build();
        for (String start : List.of("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.990Z")) {
            List<LogEvent> log = new ArrayList<>();
            long time = Instant.parse(start).toEpochMilli();
            for (int i = 0; i < 8; i++) {
                log.add(event(i, time + i, Map.of("user", "ann", "n", Long.MAX_VALUE - 3 * i)));
            }
            SortedMap<String, List<String>> expected = new TreeMap<>();
            Oracle.of(view, log).history().forEach((key, rows) -> expected.put(key, FeatureHarness.texts(rows)));
            assertThat(OperatorRun.play(view, log, 1, 1, 2).history()).isEqualTo(expected);
        }
    }

    @Test
    void keyOfAMegabyteIsAKeyLikeAnyOther() throws Exception {
        FeatureView view = new ViewBuilder()
                .lateness(0)
                .feature(Plain.COUNT, null, ViewBuilder.window(60_000, 1_000))
                .build();
        String user = "x".repeat(1 << 20);
        List<LogEvent> log = List.of(
                event(0, START, Map.of("user", user)),
                event(1, START + 1, Map.of("user", "ann")),
                event(2, START + 2, Map.of("user", user)));

        OperatorRun run = OperatorRun.play(view, log, 1, 1);

        assertThat(run.history().get(ViewBuilder.key(user)))
                .isEqualTo(FeatureHarness.texts(Oracle.of(view, log).history(ViewBuilder.key(user))));
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> open(FeatureView view)
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness =
                FeatureHarness.subtask(view, OPTIONS, 8, 1, 0);
        harness.open();
        return harness;
    }

    private static void send(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness,
            Projections projections,
            LogEvent event)
            throws Exception {
        harness.processElement(EventBundle.of(projections.of(event).orElseThrow()), event.time());
    }

    private static FeatureRow newest(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness, FeatureView view) {
        List<RowUpdate> rows = harness.extractOutputValues();
        return RowCodec.of(view).decode(rows.get(rows.size() - 1).packed());
    }

    private static LogEvent event(long offset, long time, Map<String, Object> columns) {
        return new LogEvent(0, offset, time, columns);
    }
}
