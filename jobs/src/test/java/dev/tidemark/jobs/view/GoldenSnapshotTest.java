package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.GoldenFile;
import dev.tidemark.engine.oracle.GoldenViews;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of the operator, with its timers, that an earlier build took is restored, and the job goes on exactly. */
class GoldenSnapshotTest {
    private static final FeatureView VIEW = GoldenViews.lookingBack();
    private static final List<LogEvent> LOG = GoldenViews.log();
    private static final int HALF = LOG.size() / 2;
    private static final long LATENESS = VIEW.source().allowedLateness().toMillis();
    private static final ViewOptions OPTIONS = new ViewOptions(true, true, 1, Duration.ZERO);

    @TempDir
    private Path directory;

    @Test
    void snapshotOfAnEarlierBuildGoesOnExactly() throws Exception {
        byte[] golden = GoldenFile.read("feature-operator.snapshot", this::snapshot);
        Path file = Files.write(directory.resolve("golden"), golden);
        OperatorSubtaskState snapshot = OperatorSnapshotUtil.readStateHandle(file.toString());

        SortedMap<String, List<String>> rows = new TreeMap<>();
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = harness()) {
            harness.initializeState(snapshot);
            harness.open();
            play(harness, LOG.subList(HALF, LOG.size()));
            harness.processWatermark(Long.MAX_VALUE);
            RowCodec codec = RowCodec.of(VIEW);
            for (RowUpdate update : FeatureHarness.values(harness.getSideOutput(FeatureHarness.SETTLED))) {
                rows.computeIfAbsent(update.key(), key -> new ArrayList<>())
                        .addAll(FeatureHarness.texts(List.of(codec.decode(update.packed()))));
            }
            assertThat(harness.numEventTimeTimers()).isZero();
        }
        assertThat(rows).isEqualTo(expectedFrom(watermark(LOG.subList(0, HALF)) + 2));
    }

    @Test
    void cellOfAnotherFormatIsRefused() {
        byte[] cell = KeyedCell.of(Lineage.of(VIEW), "[\"ann\"]", null).encode();
        cell[0]++;
        assertThatThrownBy(() -> KeyedCell.of(Lineage.of(VIEW), "[\"ann\"]", cell))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has format " + cell[0])
                .hasMessageContaining("another release of Tidemark");
    }

    private byte[] snapshot() throws Exception {
        Path file = directory.resolve("written");
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = harness()) {
            harness.open();
            play(harness, LOG.subList(0, HALF));
            harness.prepareSnapshotPreBarrier(1);
            OperatorSnapshotUtil.writeStateHandle(harness.snapshot(1, 1), file.toString());
        }
        return Files.readAllBytes(file);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness() throws Exception {
        return FeatureHarness.subtask(VIEW, OPTIONS, 8, 1, 0);
    }

    private static void play(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness, List<LogEvent> log)
            throws Exception {
        Projections projections = new Projections(VIEW);
        for (int i = 0; i < log.size(); i++) {
            Optional<KeyedEvent> keyed = projections.of(log.get(i));
            if (keyed.isPresent()) {
                harness.processElement(EventBundle.of(keyed.get()), log.get(i).time());
            }
            harness.processWatermark(watermark(log.subList(0, i + 1)));
        }
        long clock = Math.max(harness.getProcessingTime(), watermark(log));
        harness.setProcessingTime(clock);
        harness.setProcessingTime(clock);
    }

    /** As if both partitions were one. */
    private static long watermark(List<LogEvent> log) {
        return log.stream().mapToLong(LogEvent::time).max().orElseThrow() - LATENESS - 1;
    }

    private static SortedMap<String, List<String>> expectedFrom(long instant) {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        Oracle.of(VIEW, LOG).history().forEach((key, rows) -> {
            List<String> later = FeatureHarness.texts(
                    rows.stream().filter(row -> row.validFrom() >= instant).toList());
            if (!later.isEmpty()) {
                texts.put(key, later);
            }
        });
        return texts;
    }
}
