package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What may wait, for how long, and what it must not be overtaken by. */
class BundleOperatorTest {
    private static final Duration DELAY = Duration.ofMillis(5);

    @Test
    void sendsTheEventsOfEachEntityTogetherWhenTheTimeIsOver() throws Exception {
        try (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness = open(DELAY)) {
            send(harness, "a", 0);
            harness.setProcessingTime(4);
            send(harness, "b", 1);
            send(harness, "a", 2);
            assertThat(out(harness)).isEmpty();

            harness.setProcessingTime(5);
            assertThat(out(harness)).containsExactly("a [0, 2]", "b [1]");

            send(harness, "a", 3);
            harness.setProcessingTime(9);
            assertThat(out(harness)).hasSize(2);
            harness.setProcessingTime(10);
            assertThat(out(harness)).containsExactly("a [0, 2]", "b [1]", "a [3]");
        }
    }

    @Test
    void sendsEveryEventOnItsOwnAndAtOnceWithoutADelay() throws Exception {
        try (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness = open(Duration.ZERO)) {
            send(harness, "a", 0);
            send(harness, "a", 1);

            assertThat(out(harness)).containsExactly("a [0]", "a [1]");
        }
    }

    @Test
    void nothingOvertakesTheEventsBeforeIt() throws Exception {
        try (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness = open(DELAY)) {
            send(harness, "a", 0);
            harness.processWatermark(7);
            send(harness, "a", 1);
            harness.processWatermarkStatus(WatermarkStatus.IDLE);
            send(harness, "a", 2);
            harness.prepareSnapshotPreBarrier(1);
            assertThat(out(harness)).containsExactly("a [0]", "watermark 7", "a [1]", "idle", "a [2]");

            send(harness, "a", 3);
            harness.endInput();
            harness.getOperator().finish();
            assertThat(out(harness)).endsWith("a [3]");
        }
    }

    @Test
    void aFrontierComesBehindTheEventsThatItSpeaksOf() throws Exception {
        try (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness = open(DELAY)) {
            send(harness, "a", 0);
            harness.processElement(new StreamRecord<>(KeyedEvent.frontier("frontier/1", LogPosition.parse("0:0"))));
            send(harness, "b", 1);
            send(harness, "a", 2);
            // Were the keys the same, it would go where the first one is, before b.
            harness.processElement(new StreamRecord<>(KeyedEvent.frontier("frontier/2", LogPosition.parse("0:2"))));
            harness.setProcessingTime(5);

            assertThat(harness.extractOutputValues())
                    .extracting(
                            bundle -> bundle.isFrontier() ? bundle.position().toString() : bundle.key())
                    .containsExactly("a", "0:0", "b", "0:2");
        }
    }

    @Test
    void holdsNoMoreEventsAndBytesThanItMay() throws Exception {
        try (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness = open(DELAY)) {
            for (int i = 0; i < BundleOperator.MOST_EVENTS - 1; i++) {
                send(harness, "a" + i % 2, i);
            }
            assertThat(out(harness)).isEmpty();
            send(harness, "b", 1);
            assertThat(out(harness)).hasSize(3);

            int most = (int) BundleOperator.MOST_BYTES;
            harness.processElement(new StreamRecord<>(event("a", 2, most / 2)));
            assertThat(out(harness)).hasSize(3);
            harness.processElement(new StreamRecord<>(event("a", 3, most / 2)));
            assertThat(out(harness)).hasSize(4).endsWith("a [2, 3]");
            send(harness, "k".repeat(most / 2), 4);
            assertThat(out(harness)).hasSize(5);
        }
    }

    private static OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> open(Duration delay) throws Exception {
        OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness =
                new OneInputStreamOperatorTestHarness<>(new BundleOperator(delay));
        harness.setup(
                EventBundle.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
        return harness;
    }

    private static void send(
            OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness, String key, long offset)
            throws Exception {
        harness.processElement(new StreamRecord<>(event(key, offset, 1)));
    }

    private static KeyedEvent event(String key, long offset, int bytes) {
        return new KeyedEvent(key, 1_000 + offset, 0, offset, 0, new byte[bytes]);
    }

    private static List<String> out(OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> harness) {
        List<String> texts = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            if (element instanceof Watermark watermark) {
                texts.add("watermark " + watermark.getTimestamp());
            } else if (element instanceof WatermarkStatus status) {
                texts.add(status.isIdle() ? "idle" : "active");
            } else {
                EventBundle bundle = (EventBundle) ((StreamRecord<?>) element).getValue();
                texts.add(bundle.key() + " "
                        + bundle.events().stream().map(KeyedEvent::offset).toList());
            }
        }
        return texts;
    }
}
