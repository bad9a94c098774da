package dev.tidemark.jobs.view;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.jobs.PaymentLog;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** A {@link FeatureFunction} in Flink's operator harness on RocksDB, and what came out of it, also before a restore. */
final class FeatureHarness implements AutoCloseable {
    private static final OutputTag<RowUpdate> SETTLED = new OutputTag<>("settled", RowUpdate.TYPE);
    private static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    private final KeyedOneInputStreamOperatorTestHarness<String, KeyedEvent, RowUpdate> harness;
    private final EventReader reader;
    private final RowCodec codec;
    private final List<RowUpdate> settledBefore = new ArrayList<>();

    private FeatureHarness(
            KeyedOneInputStreamOperatorTestHarness<String, KeyedEvent, RowUpdate> harness, FeatureView view) {
        this.harness = harness;
        this.reader = new EventReader(view.source(), List.of(view));
        this.codec = RowCodec.of(view);
    }

    static FeatureHarness open(FeatureView view, FeatureFunction.Options options) throws Exception {
        FeatureHarness opened = create(view, options);
        opened.harness.open();
        return opened;
    }

    /** Takes a snapshot, closes this harness and opens another from the snapshot. */
    FeatureHarness restoreInto(FeatureView view, FeatureFunction.Options options) throws Exception {
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        FeatureHarness restored = create(view, options);
        restored.settledBefore.addAll(settledUpdates());
        close();
        restored.harness.initializeState(snapshot);
        restored.harness.open();
        return restored;
    }

    private static FeatureHarness create(FeatureView view, FeatureFunction.Options options) throws Exception {
        FeatureFunction function = new FeatureFunction(view, options, true, SETTLED, DEAD_LETTERS);
        KeyedOneInputStreamOperatorTestHarness<String, KeyedEvent, RowUpdate> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(function), KeyedEvent::key, Types.STRING);
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(
                RowUpdate.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return new FeatureHarness(harness, view);
    }

    void event(LogEvent event) throws Exception {
        harness.processElement(keyed(event), event.time());
    }

    String key(LogEvent event) {
        return keyed(event).key();
    }

    void watermark(long instant) throws Exception {
        harness.processWatermark(instant);
    }

    void clock(long instant) throws Exception {
        harness.setProcessingTime(instant);
    }

    int eventTimers() {
        return harness.numEventTimeTimers();
    }

    int wallTimers() {
        return harness.numProcessingTimeTimers();
    }

    int publishedCount() {
        return harness.extractOutputValues().size();
    }

    /** The row of an entity that was published last. */
    FeatureRow published(String key) {
        return harness.extractOutputValues().stream()
                .filter(update -> update.key().equals(key))
                .reduce((earlier, later) -> later)
                .map(update -> codec.decode(update.row()))
                .orElseThrow();
    }

    List<FeatureRow> settled() {
        return settledUpdates().stream()
                .map(update -> codec.decode(update.row()))
                .toList();
    }

    Map<String, List<String>> settledTexts() {
        Map<String, List<FeatureRow>> rows = new HashMap<>();
        for (RowUpdate update : settledUpdates()) {
            rows.computeIfAbsent(update.key(), key -> new ArrayList<>()).add(codec.decode(update.row()));
        }
        Map<String, List<String>> texts = new HashMap<>();
        rows.forEach((key, ofKey) -> texts.put(key, texts(ofKey)));
        return texts;
    }

    static List<String> texts(List<FeatureRow> rows) {
        return RowText.ofSettled(rows);
    }

    List<DeadLetter> deadLetters() {
        return values(harness.getSideOutput(DEAD_LETTERS));
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private List<RowUpdate> settledUpdates() {
        List<RowUpdate> all = new ArrayList<>(settledBefore);
        all.addAll(values(harness.getSideOutput(SETTLED)));
        return all;
    }

    private static <T> List<T> values(Queue<StreamRecord<T>> records) {
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    private KeyedEvent keyed(LogEvent event) {
        byte[] json = PaymentLog.json(event).getBytes(StandardCharsets.UTF_8);
        return reader.read(event.partition(), event.offset(), 0, json).events().get(0);
    }
}
