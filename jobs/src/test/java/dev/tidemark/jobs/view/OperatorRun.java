package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.Lateness;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log to parallel instances of a {@link FeatureOperator} on RocksDB as a job may: partitions interleave in any way,
 * watermarks and the clock move on now and then, and from time to time everything behind the last checkpoint is lost and read again,
 * by more or fewer instances. Only one entity stays in memory at a time. As many instances of a {@link BundleOperator} come before,
 * each with partitions of its own.
 */
final class OperatorRun implements AutoCloseable {
    private static final int KEY_GROUPS = 128;
    private static final int MOST_LOST = 12;
    private static final ViewOptions OPTIONS = new ViewOptions(true, true, 1, Duration.ZERO);
    private static final ViewOptions HOLDING = OPTIONS.holding();

    private final Duration bundle;
    private final boolean idles;
    private final List<LogEvent> late;
    private final SortedMap<String, SortedMap<Long, Settled>> settled = new TreeMap<>();
    private final Map<String, LogEvent> arrived = new HashMap<>();
    private final Map<String, LogEvent> refused = new TreeMap<>();
    private final Map<String, byte[]> published = new HashMap<>();
    private final List<KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate>> instances =
            new ArrayList<>();
    private final List<OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle>> bundlers = new ArrayList<>();
    private FeatureView view;
    private Random random;
    private Projections projections;
    private RowCodec codec;
    private LogReader reader;
    private int largestBundle;
    private long clock;
    private long watermark = Long.MIN_VALUE;
    private long checkpoints;
    private boolean crashing; // No checkpoint that begins now will be complete.
    private int corrections;
    private Lineage.@Nullable Earlier amendedAt;

    private OperatorRun(FeatureView view, List<LogEvent> log, long seed, Duration bundle, boolean idles) {
        long lateness = view.source().allowedLateness().toMillis();
        this.view = view;
        this.bundle = bundle;
        this.idles = idles;
        this.late = Lateness.judge(log, lateness).late();
        this.random = new Random(seed);
        this.projections = new Projections(view);
        this.codec = RowCodec.of(view);
        this.reader = LogReader.of(log, lateness);
    }

    /** A row and the definition under which it was written. */
    record Settled(FeatureView view, byte[] packed) {
        FeatureRow row() {
            return RowCodec.of(view).decode(packed);
        }
    }

    /**
     * Plays a log to its end and drains it.
     *
     * @param parallelisms how many instances there are at first, and after each crash
     */
    static OperatorRun play(FeatureView view, List<LogEvent> log, long seed, int... parallelisms) throws Exception {
        return play(view, log, seed, Duration.ZERO, parallelisms);
    }

    /**
     * The same with events in bundles.
     *
     * @param bundle how long an event waits for others, by a clock that follows event time in jumps; zero for no bundles
     */
    static OperatorRun play(FeatureView view, List<LogEvent> log, long seed, Duration bundle, int... parallelisms)
            throws Exception {
        return play(new OperatorRun(view, log, seed, bundle, false), log, parallelisms);
    }

    /** As the first, but that partitions are taken for idle now and then, so that their events may come behind settled rows. */
    static OperatorRun playWithIdlePartitions(FeatureView view, List<LogEvent> log, long seed, int... parallelisms)
            throws Exception {
        return play(new OperatorRun(view, log, seed, Duration.ZERO, true), log, parallelisms);
    }

    private static OperatorRun play(OperatorRun started, List<LogEvent> log, int... parallelisms) throws Exception {
        try (OperatorRun run = started) {
            run.open(parallelisms[0], null, 0);
            for (int i = 1; i < parallelisms.length; i++) {
                run.read(log.size() / parallelisms.length);
                run.crash(parallelisms[i - 1], parallelisms[i]);
            }
            run.end();
            return run;
        }
    }

    /**
     * Plays a log to its end and drains it, partitions being idle now and then, and goes on with another definition and another number
     * of instances from time to time, each time from a savepoint after which nothing came.
     *
     * @param views the definitions, one after the other
     * @param parallelisms how many instances there are of each
     */
    static OperatorRun playAmended(List<FeatureView> views, List<LogEvent> log, long seed, int... parallelisms)
            throws Exception {
        try (OperatorRun run = new OperatorRun(views.get(0), log, seed, Duration.ZERO, true)) {
            run.open(parallelisms[0], null, 0);
            for (int i = 1; i < parallelisms.length; i++) {
                run.read(log.size() / parallelisms.length);
                run.amend(views.get(i), parallelisms[i - 1], parallelisms[i]);
            }
            run.end();
            return run;
        }
    }

    private void end() throws Exception {
        read(Integer.MAX_VALUE);
        watermark(Long.MAX_VALUE, true);
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            instance.getOperator().finish();
        }
        collect();
        assertThat(instances).allSatisfy(instance -> assertThat(instance.numEventTimeTimers())
                .as("event timers after the last row")
                .isZero());
    }

    /** The settled rows in hexadecimal digits, by entity and valid_from. */
    SortedMap<String, SortedMap<Long, String>> bytes() {
        SortedMap<String, SortedMap<Long, String>> bytes = new TreeMap<>();
        settled.forEach((key, rows) -> {
            SortedMap<Long, String> ofKey = new TreeMap<>();
            rows.forEach((validFrom, row) -> ofKey.put(validFrom, HexFormat.of().formatHex(row.packed())));
            bytes.put(key, ofKey);
        });
        return bytes;
    }

    /** The settled rows, by entity and valid_from. */
    SortedMap<String, SortedMap<Long, Settled>> settled() {
        return settled;
    }

    /** The events that came too far behind settled rows. */
    List<LogEvent> refused() {
        return List.copyOf(refused.values());
    }

    /** How many rows were written again or taken back, as an event had come behind them. */
    int corrections() {
        return corrections;
    }

    /** The first definition, and what was reached when it was amended. */
    Lineage.Earlier amendedAt() {
        return Objects.requireNonNull(amendedAt);
    }

    /** The settled rows as texts, by entity. */
    SortedMap<String, List<String>> history() {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        settled.forEach((key, rows) -> texts.put(
                key,
                FeatureHarness.texts(rows.values().stream().map(Settled::row).toList())));
        return texts;
    }

    /** The row of each entity that was published last. */
    Map<String, FeatureRow> online() {
        Map<String, FeatureRow> rows = new HashMap<>();
        published.forEach((key, row) -> rows.put(key, codec.decode(row)));
        return rows;
    }

    /** How many events came in one bundle at most. */
    int largestBundle() {
        return largestBundle;
    }

    private void read(int events) throws Exception {
        for (int i = 0; i < events && !reader.atEnd(); i++) {
            LogEvent event = reader.next(random);
            if (!late.contains(event)) {
                arrive(event);
            }
            if (bundle.isZero() || random.nextInt(12) == 0) {
                watermark(reader.watermark(partition -> idles && isIdle(partition, event)), false);
            }
            if (random.nextInt(4) == 0) {
                clock(event.time() + random.nextInt(100_000));
            }
            if (idles && random.nextInt(15) == 0) {
                passingCheckpoint();
            }
            collect();
        }
    }

    private boolean isIdle(int partition, LogEvent newest) {
        return partition != newest.partition() && random.nextInt(4) > 0;
    }

    private void arrive(LogEvent event) throws Exception {
        arrived.put(position(event.partition(), event.offset()), event);
        Optional<KeyedEvent> keyed = projections.of(event);
        if (keyed.isPresent()) {
            bundlers.get(event.partition() % bundlers.size()).processElement(keyed.get(), event.time());
            deliver();
        }
    }

    /** What the bundlers gave out goes to the instances of its entities. */
    private void deliver() throws Exception {
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            for (EventBundle leaving : bundler.extractOutputValues()) {
                largestBundle = Math.max(largestBundle, leaving.events().size());
                instances
                        .get(KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                leaving.key(), KEY_GROUPS, instances.size()))
                        .processElement(new StreamRecord<>(leaving));
            }
            bundler.getOutput().clear();
        }
    }

    /** Instances get a watermark sooner or later, and may be given a later one instead. */
    private void watermark(long reached, boolean all) throws Exception {
        watermark = Math.max(watermark, reached);
        long instant = watermark;
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            bundler.processWatermark(instant);
        }
        deliver();
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            if (instant > Long.MIN_VALUE && (all || random.nextBoolean())) {
                instance.processWatermark(instant);
            }
        }
        collect();
    }

    private void clock(long instant) throws Exception {
        clock = Math.max(clock, instant);
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            bundler.setProcessingTime(clock);
        }
        deliver();
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            instance.setProcessingTime(clock);
        }
    }

    /** Takes a checkpoint, goes on for a while, and loses all that came after. */
    private void crash(int before, int after) throws Exception {
        OperatorSubtaskState checkpoint = checkpoint(before, CheckpointType.CHECKPOINT);
        LogReader here = reader.restored();
        complete();
        crashing = true;
        read(random.nextInt(MOST_LOST));
        close();
        crashing = false;
        reader = here;
        watermark = Long.MIN_VALUE;
        open(after, checkpoint, before);
    }

    /** Takes a checkpoint of which nothing is used. */
    private void passingCheckpoint() throws Exception {
        checkpoints++;
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            instance.prepareSnapshotPreBarrier(checkpoints);
        }
        if (!crashing) {
            complete();
        }
    }

    /** Some instances hear that the newest checkpoint is complete; the others may hear of a later one, or of none. */
    private void complete() throws Exception {
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            if (random.nextBoolean()) {
                instance.notifyOfCompletedCheckpoint(checkpoints);
            }
        }
    }

    /** Stops after a savepoint, and goes on from there with another definition. */
    private void amend(FeatureView next, int before, int after) throws Exception {
        OperatorSubtaskState savepoint = checkpoint(before, SavepointType.suspend(SavepointFormatType.CANONICAL));
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            instance.notifyOfCompletedCheckpoint(checkpoints);
        }
        collect();
        close();
        reader = reader.restored();
        amendedAt = new Lineage.Earlier(
                view,
                watermark == Long.MIN_VALUE ? watermark : watermark + 1,
                arrived.values().stream()
                        .filter(event -> projections.of(event).isPresent())
                        .mapToLong(LogEvent::time)
                        .max()
                        .orElse(Long.MIN_VALUE));
        watermark = Long.MIN_VALUE;
        view = next;
        projections = new Projections(next);
        codec = RowCodec.of(next);
        published.clear();
        open(after, savepoint, before);
        Lineage lineage = Lineage.of(List.of(amendedAt()), next);
        clock(clock + 1_000);
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            Queue<StreamRecord<RowUpdate>> again = instance.getSideOutput(FeatureHarness.SETTLED);
            FeatureHarness.values(again).forEach(update -> isAsBefore(update, lineage));
            if (again != null) {
                again.clear();
            }
        }
    }

    /** What a savepoint released is said again by a job that goes on from it, under its own definition. */
    private void isAsBefore(RowUpdate update, Lineage lineage) {
        Settled before = Objects.requireNonNull(settled.get(update.key())).get(update.validFrom());
        assertThat(update.deletes()).isEqualTo(before == null);
        if (before != null) {
            assertThat(update.packed()).isEqualTo(lineage.packedRow(before.packed()));
        }
    }

    private OperatorSubtaskState checkpoint(int parallelism, SnapshotType type) throws Exception {
        checkpoints++;
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            bundler.prepareSnapshotPreBarrier(checkpoints);
        }
        deliver();
        OperatorSubtaskState[] states = new OperatorSubtaskState[parallelism];
        for (int i = 0; i < parallelism; i++) {
            instances.get(i).prepareSnapshotPreBarrier(checkpoints);
            states[i] = instances
                    .get(i)
                    .snapshotWithLocalState(checkpoints, 1, type)
                    .getJobManagerOwnedState();
        }
        collect();
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    private void open(int parallelism, @Nullable OperatorSubtaskState checkpoint, int before) throws Exception {
        for (int i = 0; i < parallelism; i++) {
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance =
                    FeatureHarness.subtask(view, idles ? HOLDING : OPTIONS, KEY_GROUPS, parallelism, i);
            instances.add(instance);
            instance.setProcessingTime(clock);
            if (checkpoint != null) {
                instance.setRestoredCheckpointId(checkpoints);
                instance.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        checkpoint, KEY_GROUPS, before, parallelism, i));
            }
            instance.open();
            bundlers.add(new OneInputStreamOperatorTestHarness<>(new BundleOperator(bundle)));
            bundlers.get(i)
                    .setup(EventBundle.TYPE.createSerializer(
                            instance.getExecutionConfig().getSerializerConfig()));
            bundlers.get(i).setProcessingTime(clock);
            bundlers.get(i).open();
        }
    }

    /** Takes over what came out. A row that comes again must be the same, to the byte. */
    private void collect() {
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            Queue<StreamRecord<DeadLetter>> deadLetters = instance.getSideOutput(FeatureHarness.DEAD_LETTERS);
            FeatureHarness.values(deadLetters).forEach(this::refuse);
            if (deadLetters != null) {
                deadLetters.clear();
            }
            Queue<StreamRecord<RowUpdate>> rows = instance.getSideOutput(FeatureHarness.SETTLED);
            FeatureHarness.values(rows).forEach(this::settle);
            if (rows != null) {
                rows.clear();
            }
            instance.extractOutputValues().forEach(update -> published.put(update.key(), update.packed()));
            instance.getOutput().clear();
        }
    }

    private void refuse(DeadLetter letter) {
        assertThat(idles).as("%s is behind settled rows", letter).isTrue();
        String position = position(letter.partition(), letter.offset());
        refused.put(position, Objects.requireNonNull(arrived.get(position)));
    }

    private static String position(int partition, long offset) {
        return partition + ":" + offset;
    }

    private void settle(RowUpdate update) {
        SortedMap<Long, Settled> rows = settled.computeIfAbsent(update.key(), key -> new TreeMap<>());
        if (update.deletes()) {
            assertThat(idles).as("%s is taken back", update).isTrue();
            rows.remove(update.validFrom());
            corrections++;
            return;
        }
        Settled before = rows.put(update.validFrom(), new Settled(view, update.packed()));
        if (before != null && idles) {
            corrections++;
        } else if (before != null) {
            assertThat(HexFormat.of().formatHex(update.packed()))
                    .as("the row of %s from %s, settled again", update.key(), update.validFrom())
                    .isEqualTo(HexFormat.of().formatHex(before.packed()));
        }
    }

    /** The harness ends its clock before the operator: what the operator has put off is done before. */
    @Override
    public void close() throws Exception {
        clock(clock);
        clock(clock);
        for (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance : instances) {
            instance.close();
        }
        instances.clear();
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            bundler.close();
        }
        bundlers.clear();
    }
}
