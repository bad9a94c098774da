package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.ViewBuilder;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** How often the operator goes to Flink's state: docs/state.md says how often at most. */
class StateAccessTest {
    private static final long START = 1_700_000_000_000L;
    private static final int EVENTS = 1_000;
    private static final FeatureView VIEW = new ViewBuilder()
            .lateness(0)
            .feature(Plain.COUNT, null, ViewBuilder.window(600_000, 10_000))
            .feature(Plain.SUM, "n", ViewBuilder.window(3_600_000, 60_000))
            .build();

    @Test
    void aBusyEntityIsReadOnceAndWrittenAtCheckpointsOnly() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(1 << 24)) {
            FeatureOperator operator = (FeatureOperator) harness.getOperator();
            for (int i = 0; i < EVENTS; i++) {
                send(harness, event(i, "u" + i % 3));
                harness.processWatermark(START + i * 1_000L);
                harness.setProcessingTime(START + i * 50L);
            }
            assertThat(operator.reads()).isEqualTo(3);
            assertThat(operator.writes()).isZero();

            harness.prepareSnapshotPreBarrier(1);
            assertThat(operator.writes()).isEqualTo(3);
            send(harness, event(EVENTS, "u1"));
            harness.prepareSnapshotPreBarrier(2);
            assertThat(operator.writes()).isEqualTo(4);
            assertThat(operator.reads()).isEqualTo(3);
        }
    }

    @Test
    void aQuietEntityIsWrittenOnceBeforeTheCheckpoint() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(1 << 24)) {
            FeatureOperator operator = (FeatureOperator) harness.getOperator();
            for (int i = 0; i < EVENTS; i++) {
                send(harness, event(i, "u" + i));
            }
            send(harness, event(EVENTS, "busy"));
            harness.setProcessingTime(START);
            harness.setProcessingTime(START + 150);
            send(harness, event(EVENTS + 1, "busy"));
            for (int millis = 250; millis < 380; millis++) {
                harness.setProcessingTime(START + millis);
                harness.processWatermark(START - 1_000 + millis); // Settles nothing.
            }
            assertThat(operator.writes()).isEqualTo(EVENTS);

            harness.prepareSnapshotPreBarrier(1);
            assertThat(operator.writes()).isEqualTo(EVENTS + 1);
        }
    }

    @Test
    void anEventCostsOneGetAndOnePutAtMost() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(1)) {
            FeatureOperator operator = (FeatureOperator) harness.getOperator();
            for (int i = 0; i < EVENTS; i++) {
                send(harness, event(i, "u" + i % 3)); // Never the entity of the event before, the one that is at hand.
            }
            assertThat(operator.reads()).isEqualTo(EVENTS);
            assertThat(operator.writes()).isEqualTo(EVENTS - 1);
        }
    }

    @Test
    void aBundleCostsAsMuchAsAnEvent() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(1)) {
            FeatureOperator operator = (FeatureOperator) harness.getOperator();
            for (int i = 0; i < EVENTS; i += 2) {
                KeyedEvent first = event(i, "u" + i % 3);
                KeyedEvent second = event(i + 1, "u" + i % 3);
                harness.processElement(new StreamRecord<>(new EventBundle(first.key(), List.of(first, second))));
            }
            assertThat(operator.reads()).isEqualTo(EVENTS / 2);
            assertThat(operator.writes()).isEqualTo(EVENTS / 2 - 1);
        }
    }

    @Test
    void entitiesGiveWayThatGrowThoughNoOthersCome() throws Exception {
        long mostBytes = 50_000;
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = open(mostBytes)) {
            FeatureOperator operator = (FeatureOperator) harness.getOperator();
            for (int i = 0; i < EVENTS; i++) {
                send(harness, event(i, "u" + i % 5)); // None is ever settled, so that they grow by each.
                harness.setProcessingTime(START + i * 50L);
                assertThat(operator.cachedBytes()).isLessThanOrEqualTo(mostBytes);
            }
            assertThat(operator.reads()).isGreaterThan(5);
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> open(long cacheBytes)
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness =
                FeatureHarness.subtask(VIEW, new ViewOptions(false, false, cacheBytes, Duration.ZERO), 8, 1, 0);
        harness.setProcessingTime(START);
        harness.open();
        return harness;
    }

    private static void send(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness, KeyedEvent event)
            throws Exception {
        harness.processElement(new StreamRecord<>(EventBundle.of(event)));
    }

    private static KeyedEvent event(long offset, String user) {
        LogEvent event = new LogEvent(0, offset, START + offset * 1_000, Map.of("user", user, "n", offset));
        return new Projections(VIEW).of(event).orElseThrow();
    }
}
