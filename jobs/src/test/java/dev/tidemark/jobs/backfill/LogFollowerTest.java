package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class LogFollowerTest {
    private static final long LATENESS = 100;
    private static final long IDLE = 30_000;

    @Test
    void aPartitionHoldsTheWatermarkBackAfterItsEnd() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(false))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000), 1_000);
            harness.processElement(record(1, 0, 5_000), 5_000);
            harness.processElement(refused(0, 1, 9_000), 9_000);
            // Flink has forgotten the first partition.
            harness.processWatermark(4_899);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(899L, Long.MAX_VALUE);
        }
    }

    @Test
    void oneThatHadBeenIdleWhenTheLogEndedDoesNot() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(true))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000, 1_000), 1_000);
            harness.processElement(record(1, 0, 5_000, 1_000 + IDLE + 1), 5_000);
            harness.processWatermark(899);
            // The last one may come without another beat of the source's clock.
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(899L, 4_899L, Long.MAX_VALUE);
        }
    }

    @Test
    void oneWhoseLogGoesOnHoldsBackHoweverLongItWasSilent() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(false))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000, 1_000), 1_000);
            harness.processElement(record(1, 0, 5_000, 1_000 + IDLE + 1), 5_000);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(899L, Long.MAX_VALUE);
        }
    }

    /** Neither where it came last, nor where it is all that came. */
    @Test
    void aRefusedRecordIsNoSignOfLife() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(true))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000, 1_000), 1_000);
            harness.processElement(record(1, 0, 5_000, 1_000 + IDLE + 1), 5_000);
            harness.processElement(refused(0, 1, 9_000), 9_000);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(4_899L, Long.MAX_VALUE);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(true))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000, 1_000), 1_000);
            harness.processElement(refused(1, 0, 9_000), 9_000);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(899L, Long.MAX_VALUE);
        }
    }

    @Test
    void remembersAcrossARestartWhenAPartitionSpokeLast() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(true))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000, 1_000), 1_000);
            state = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(true))) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(record(1, 0, 5_000, 1_000 + IDLE + 1), 5_000);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(4_899L, Long.MAX_VALUE);
        }
    }

    @Test
    void remembersWhatItReadBeforeARestart() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(false))) {
            harness.open();
            harness.processElement(record(0, 0, 1_000), 1_000);
            state = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(false))) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(record(1, 0, 5_000), 5_000);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(899L, Long.MAX_VALUE);
        }
    }

    @Test
    void takesOutTheEventsThatDoNotCount() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness = harness(plan(false))) {
            harness.open();
            harness.processElement(record(1, 0, 199), 199);
            harness.processElement(record(1, 1, 200), 200);
            harness.processElement(record(1, 2, 9_999), 9_999);
            harness.processElement(record(1, 3, 10_000), 10_000);
            harness.processElement(record(0, 0, 500), 500);
            harness.processElement(record(0, 1, 500), 500);
            assertThat(harness.extractOutputValues())
                    .extracting(record -> record.events().get(0) != null)
                    .containsExactly(false, true, true, false, false, true);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(watermarks(harness)).containsExactly(399L, Long.MAX_VALUE);
        }
    }

    private static BackfillPlan plan(boolean atLogEnd) {
        return new BackfillPlan(
                "payments",
                List.of(
                        new BackfillPlan.Part(0, 0, atLogEnd ? 0 : 1, 10, atLogEnd),
                        new BackfillPlan.Part(1, 0, 0, 10, false)),
                200,
                10_000,
                Long.MIN_VALUE,
                10_000,
                10_000,
                false,
                List.of());
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness(BackfillPlan plan)
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new LogFollower(plan, source()), SourceRecord.TYPE.createSerializer(new SerializerConfigImpl()));
    }

    private static Source source() {
        Source like = TestViews.payments("payments");
        return new Source(
                like.name(),
                like.topic(),
                like.format(),
                like.schema(),
                like.eventTime(),
                Duration.ofMillis(LATENESS),
                Duration.ofMillis(IDLE));
    }

    private static SourceRecord record(int partition, long offset, long time) {
        return record(partition, offset, time, 0);
    }

    private static SourceRecord record(int partition, long offset, long time, long producedAt) {
        KeyedEvent event = new KeyedEvent("k", time, partition, offset, 0, new byte[0]);
        return new SourceRecord("payments", partition, offset, time, producedAt, null, List.of(event), 0, null);
    }

    private static SourceRecord refused(int partition, long offset, long time) {
        Refusal refusal = new Refusal(RefusalReason.MALFORMED, "test");
        return new SourceRecord("payments", partition, offset, time, 1_000_000, null, List.of(), 0, refusal);
    }

    private static List<Long> watermarks(OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness) {
        return harness.getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(watermark -> ((Watermark) watermark).getTimestamp())
                .toList();
    }
}
