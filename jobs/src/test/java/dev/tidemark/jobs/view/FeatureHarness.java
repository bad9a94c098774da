package dev.tidemark.jobs.view;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.jobs.PaymentLog;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** A {@link FeatureOperator} in Flink's operator harness on RocksDB, and what came out of it, also before a restore. */
final class FeatureHarness implements AutoCloseable {
    static final OutputTag<RowUpdate> SETTLED = new OutputTag<>("settled", RowUpdate.TYPE);
    static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters", DeadLetter.TYPE);

    /** Of an operator that {@link #open} opens, which can be restored with as many instances at most. */
    static final int KEY_GROUPS = 2;

    private final KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness;
    private final EventReader reader;
    private final RowCodec codec;
    private final List<RowUpdate> settledBefore = new ArrayList<>();

    private FeatureHarness(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness, FeatureView view) {
        this.harness = harness;
        this.reader = new EventReader(view.source(), List.of(view));
        this.codec = RowCodec.of(view);
    }

    static FeatureHarness open(FeatureView view, ViewOptions options) throws Exception {
        return open(view, options, null);
    }

    static FeatureHarness open(FeatureView view, ViewOptions options, @Nullable OnlineLoss loss) throws Exception {
        FeatureHarness opened = new FeatureHarness(subtask(view, options, loss, KEY_GROUPS, 1, 0), view);
        opened.harness.open();
        return opened;
    }

    /** Takes a snapshot, closes this harness and opens another from the snapshot. */
    FeatureHarness restoreInto(FeatureView view, ViewOptions options) throws Exception {
        return restoreInto(view, options, null);
    }

    FeatureHarness restoreInto(FeatureView view, ViewOptions options, @Nullable OnlineLoss loss) throws Exception {
        OperatorSubtaskState snapshot = begin(1);
        FeatureHarness restored = new FeatureHarness(subtask(view, options, loss, KEY_GROUPS, 1, 0), view);
        restored.settledBefore.addAll(settledUpdates());
        close();
        restored.harness.initializeState(snapshot);
        restored.harness.open();
        return restored;
    }

    /** One of some parallel instances of the operator, which is yet to be given its state or to be opened. */
    static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> subtask(
            FeatureView view, ViewOptions options, int keyGroups, int parallelism, int index) throws Exception {
        return subtask(view, options, null, keyGroups, parallelism, index);
    }

    static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> subtask(
            FeatureView view, ViewOptions options, @Nullable OnlineLoss loss, int keyGroups, int parallelism, int index)
            throws Exception {
        FeatureOperator operator = new FeatureOperator(view, options, true, loss, SETTLED, DEAD_LETTERS);
        KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, EventBundle::key, Types.STRING, keyGroups, parallelism, index);
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(
                RowUpdate.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return harness;
    }

    void event(LogEvent event) throws Exception {
        eventThatWaits(event);
        clock(harness.getProcessingTime());
    }

    /** An event whose row is not sent before the clock goes on. */
    void eventThatWaits(LogEvent event) throws Exception {
        harness.processElement(EventBundle.of(keyed(event)), event.time());
    }

    /** Word that all events up to a position have been sent. */
    void frontier(String position) throws Exception {
        harness.processElement(EventBundle.of(KeyedEvent.frontier("frontier", LogPosition.parse(position))), 0);
    }

    /** What was published, in its order: the entity of a row, or the position of a frontier. */
    List<String> publishedInOrder() {
        return harness.extractOutputValues().stream()
                .map(update -> update.isFrontier() ? update.position().toString() : update.key())
                .toList();
    }

    String key(LogEvent event) {
        return keyed(event).key();
    }

    void watermark(long instant) throws Exception {
        harness.processWatermark(instant);
    }

    /** No partition has anything to read. */
    void idle() throws Exception {
        harness.processWatermarkStatus(WatermarkStatus.IDLE);
    }

    /** Takes a checkpoint, which is complete at once. */
    void checkpoint(long number) throws Exception {
        begin(number);
        complete(number);
    }

    /** Begins a checkpoint, which is yet to be complete. */
    OperatorSubtaskState begin(long number) throws Exception {
        harness.prepareSnapshotPreBarrier(number);
        return harness.snapshot(number, 1);
    }

    void complete(long number) throws Exception {
        harness.notifyOfCompletedCheckpoint(number);
    }

    /** What the tasks behind were told between rows. */
    List<Object> signals() {
        return harness.getOutput().stream()
                .filter(element -> !(element instanceof StreamRecord))
                .toList();
    }

    void clock(long instant) throws Exception {
        harness.setProcessingTime(instant);
        harness.setProcessingTime(instant); // What a timer has put off until now is now due.
    }

    /** Without what timers put off. */
    void clockOnce(long instant) throws Exception {
        harness.setProcessingTime(instant);
    }

    /** Publishes at once, and has room for two or three entities. */
    static ViewOptions options(boolean wallClockTails, boolean drain) {
        return new ViewOptions(wallClockTails, drain, 10_000, Duration.ZERO);
    }

    int eventTimers() {
        return harness.numEventTimeTimers();
    }

    /** How many entities have state. */
    long entities() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        KeyedStateBackend<?> state = ((AbstractStreamOperator<?>) harness.getOperator()).getKeyedStateBackend();
        try (Stream<?> keys = state.getKeys("entity", VoidNamespace.INSTANCE)) {
            return keys.count();
        }
    }

    int wallTimers() {
        return harness.numProcessingTimeTimers();
    }

    int publishedCount() {
        return harness.extractOutputValues().size();
    }

    /** The entities of all rows that were published, in their order. */
    List<String> publishedKeys() {
        return harness.extractOutputValues().stream().map(RowUpdate::key).toList();
    }

    /** The row of an entity that was published last. */
    FeatureRow published(String key) {
        return harness.extractOutputValues().stream()
                .filter(update -> update.key().equals(key))
                .reduce((earlier, later) -> later)
                .map(update -> codec.decode(update.packed()))
                .orElseThrow();
    }

    List<FeatureRow> settled() {
        return settledUpdates().stream()
                .map(update -> codec.decode(update.packed()))
                .toList();
    }

    /** The settled rows of the only entity, after all corrections. */
    List<String> history() {
        SortedMap<Long, FeatureRow> rows = new TreeMap<>();
        for (RowUpdate update : settledUpdates()) {
            if (update.deletes()) {
                rows.remove(update.validFrom());
            } else {
                rows.put(update.validFrom(), codec.decode(update.packed()));
            }
        }
        return texts(List.copyOf(rows.values()));
    }

    Map<String, List<String>> settledTexts() {
        Map<String, List<FeatureRow>> rows = new HashMap<>();
        for (RowUpdate update : settledUpdates()) {
            rows.computeIfAbsent(update.key(), key -> new ArrayList<>()).add(codec.decode(update.packed()));
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

    static <T> List<T> values(Queue<StreamRecord<T>> records) {
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    private KeyedEvent keyed(LogEvent event) {
        byte[] json = PaymentLog.json(event).getBytes(StandardCharsets.UTF_8);
        return reader.read(event.partition(), event.offset(), 0, json).events().get(0);
    }
}
