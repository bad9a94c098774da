package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.Lateness;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
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
    private static final FeatureOperator.Options OPTIONS = new FeatureOperator.Options(true, true, 1, Duration.ZERO);

    private final FeatureView view;
    private final Duration bundle;
    private final List<LogEvent> late;
    private final Random random;
    private final Projections projections;
    private final RowCodec codec;
    private final SortedMap<String, SortedMap<Long, String>> settled = new TreeMap<>();
    private final Map<String, byte[]> published = new HashMap<>();
    private final List<KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate>> instances =
            new ArrayList<>();
    private final List<OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle>> bundlers = new ArrayList<>();
    private LogReader reader;
    private int largestBundle;
    private long clock;

    private OperatorRun(FeatureView view, List<LogEvent> log, long seed, Duration bundle) {
        long lateness = view.source().allowedLateness().toMillis();
        this.view = view;
        this.bundle = bundle;
        this.late = Lateness.judge(log, lateness).late();
        this.random = new Random(seed);
        this.projections = new Projections(view);
        this.codec = RowCodec.of(view);
        this.reader = LogReader.of(log, lateness);
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
        try (OperatorRun run = new OperatorRun(view, log, seed, bundle)) {
            run.open(parallelisms[0], null, 0);
            for (int i = 1; i < parallelisms.length; i++) {
                run.read(log.size() / parallelisms.length);
                run.crash(parallelisms[i - 1], parallelisms[i]);
            }
            run.read(Integer.MAX_VALUE);
            run.watermark(Long.MAX_VALUE, true);
            assertThat(run.instances).allSatisfy(instance -> assertThat(instance.numEventTimeTimers())
                    .as("event timers after the last row")
                    .isZero());
            return run;
        }
    }

    /** The settled rows in hexadecimal digits, by entity and valid_from. */
    SortedMap<String, SortedMap<Long, String>> bytes() {
        return settled;
    }

    /** The settled rows as texts, by entity. */
    SortedMap<String, List<String>> history() {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        settled.forEach((key, rows) -> texts.put(
                key,
                FeatureHarness.texts(rows.values().stream()
                        .map(row -> codec.decode(HexFormat.of().parseHex(row)))
                        .toList())));
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
                watermark(reader.watermark(), false);
            }
            if (random.nextInt(4) == 0) {
                clock(event.time() + random.nextInt(100_000));
            }
            collect();
        }
    }

    private void arrive(LogEvent event) throws Exception {
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
    private void watermark(long instant, boolean all) throws Exception {
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
        for (OneInputStreamOperatorTestHarness<KeyedEvent, EventBundle> bundler : bundlers) {
            bundler.prepareSnapshotPreBarrier(1);
        }
        deliver();
        OperatorSubtaskState[] states = new OperatorSubtaskState[before];
        for (int i = 0; i < before; i++) {
            instances.get(i).prepareSnapshotPreBarrier(1);
            states[i] = instances.get(i).snapshot(1, 1);
        }
        OperatorSubtaskState checkpoint = AbstractStreamOperatorTestHarness.repackageState(states);
        LogReader here = reader.restored();
        read(random.nextInt(MOST_LOST));
        close();
        reader = here;
        open(after, checkpoint, before);
    }

    private void open(int parallelism, @Nullable OperatorSubtaskState checkpoint, int before) throws Exception {
        for (int i = 0; i < parallelism; i++) {
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> instance =
                    FeatureHarness.subtask(view, OPTIONS, KEY_GROUPS, parallelism, i);
            instances.add(instance);
            instance.setProcessingTime(clock);
            if (checkpoint != null) {
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
            assertThat(FeatureHarness.values(instance.getSideOutput(FeatureHarness.DEAD_LETTERS)))
                    .isEmpty();
            Queue<StreamRecord<RowUpdate>> rows = instance.getSideOutput(FeatureHarness.SETTLED);
            FeatureHarness.values(rows).forEach(this::settle);
            if (rows != null) {
                rows.clear();
            }
            instance.extractOutputValues().forEach(update -> published.put(update.key(), update.packed()));
            instance.getOutput().clear();
        }
    }

    private void settle(RowUpdate update) {
        assertThat(update.deletes()).isFalse();
        String row = HexFormat.of().formatHex(update.packed());
        String before =
                settled.computeIfAbsent(update.key(), key -> new TreeMap<>()).put(update.validFrom(), row);
        if (before != null) {
            assertThat(row)
                    .as("the row of %s from %s, settled again", update.key(), update.validFrom())
                    .isEqualTo(before);
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
