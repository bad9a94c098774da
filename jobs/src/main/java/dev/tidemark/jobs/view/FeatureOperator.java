package dev.tidemark.jobs.view;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.RunnableWithException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the events of one entity after the other to the engine, and the engine's rows to the stores: provisional rows are
 * the main output, settled rows and dead letters are side outputs.
 *
 * <p>Entities that were used lately stay in memory, and are written to Flink's state before each checkpoint or when they give
 * way to others. Provisional rows are computed and sent a few milliseconds after the first event that changes them, so that an
 * entity with many events in these milliseconds gives one row; before a watermark goes on and before a checkpoint all are sent.
 *
 * <p>Timers wake an entity in event time at the next change point that is to be settled and, while the job follows
 * the wall clock, at the instant at which its provisional row runs out. The watermark {@code w} settles the change points up to
 * {@code w + 1}.
 */
public final class FeatureOperator extends AbstractStreamOperator<RowUpdate>
        implements OneInputStreamOperator<EventBundle, RowUpdate>, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(FeatureOperator.class);

    /** How many buffers of settled rows may wait to be taken up before no more are released. */
    private static final int MOST_BUFFERS = 2;

    /** How many there are in this process, of this job and of others that share its class loader. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private static final ValueStateDescriptor<byte[]> CELL =
            new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final ListStateDescriptor<byte[]> HELD =
            new ListStateDescriptor<>("held", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final FeatureView view;
    private final ViewOptions options;
    private final boolean publishes;
    private final @Nullable OnlineLoss loss;
    private final OutputTag<RowUpdate> settledRows;
    private final OutputTag<DeadLetter> deadLetters;

    // Flink calls initializeState before everything else.
    @SuppressWarnings("NullAway.Init")
    private transient DefinitionsState definitions;

    @SuppressWarnings("NullAway.Init")
    private transient Lineage lineage;

    private transient long restored; // The checkpoint from which the job goes on; 0 for none.
    private transient ViewPlan plan;
    private transient InternalTimerService<VoidNamespace> timers;

    @SuppressWarnings("NullAway.Init") // Flink calls initializeState before everything else.
    private transient CorrectionReach reach;

    private transient TaskClock clock;
    private transient Entities entities;
    private transient EntityTimers entityTimers;
    private transient long newestEvent;
    private transient ViewOutput out;
    private transient Outbox outbox;

    private transient @Nullable HeldRows held;
    private transient boolean stops; // With the savepoint that was taken last.
    private transient @Nullable LossState lossState; // Null if the loss is not looked after.
    private transient @Nullable Republication republication;

    /**
     * The operator of one view.
     *
     * @param publishes whether provisional rows are wanted; if not, they are not even computed
     */
    public FeatureOperator(
            FeatureView view,
            ViewOptions options,
            boolean publishes,
            OutputTag<RowUpdate> settledRows,
            OutputTag<DeadLetter> deadLetters) {
        this(view, options, publishes, null, settledRows, deadLetters);
    }

    /**
     * The operator of one view.
     *
     * @param publishes whether provisional rows are wanted; if not, they are not even computed
     * @param loss tells when the provisional rows of all entities have to be sent again; null if that is not looked after
     */
    public FeatureOperator(
            FeatureView view,
            ViewOptions options,
            boolean publishes,
            @Nullable OnlineLoss loss,
            OutputTag<RowUpdate> settledRows,
            OutputTag<DeadLetter> deadLetters) {
        this.view = view;
        this.options = options;
        this.publishes = publishes;
        this.loss = loss;
        this.settledRows = settledRows;
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        reach = new CorrectionReach(options.corrections(), context.getOperatorStateStore());
        definitions = new DefinitionsState(context.getOperatorStateStore(), view, options.corrections());
        lineage = definitions.lineage();
        newestEvent = definitions.newestEvent();
        restored = context.getRestoredCheckpointId().orElse(0);
        if (loss != null) {
            lossState = new LossState(loss, getRuntimeContext().getTaskInfo(), context.getOperatorStateStore());
        }
        lineage.plan()
                .warming()
                .forEach((feature, covered) -> LOG.info(
                        "Feature {} of view {} has no values {}: it was added to a view that runs.",
                        feature,
                        view.id(),
                        covered == FeatureRow.NEVER
                                ? "under this version"
                                : "before " + Instant.ofEpochMilli(covered)));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        reach.record(definitions.settled());
        definitions.write(view, newestEvent);
    }

    @Override
    public void open() throws Exception {
        super.open();
        plan = lineage.plan();
        clock = new OperatorClock();
        out = new ViewOutput(
                view,
                lineage,
                options.corrections(),
                output,
                settledRows,
                deadLetters,
                this::keepsUp,
                getMetricGroup());
        timers = getInternalTimerService("entities", VoidNamespaceSerializer.INSTANCE, this);
        INSTANCES.incrementAndGet();
        entities = new Entities(
                lineage,
                getPartitionedState(CELL),
                this::setCurrentKey,
                this::cacheBytes,
                this::publishBeforeItLeaves,
                getMetricGroup());
        entityTimers = new EntityTimers(timers, options.wallClockTails());
        outbox = new Outbox(clock, options.publishDelay(), this::send, out);
        if (lossState != null) {
            republication = new Republication(
                    lossState,
                    new Republication.Entities(
                            this::allKeys,
                            this::republish,
                            () -> LOG.warn(
                                    "The online store may have lost rows of {}; all were sent again.", view.id())),
                    clock);
            republication.begin();
        }
        if (options.holds()) {
            held = heldRows();
            out.hold(held);
        }
        if (definitions.amended()) {
            wakeAll(); // Features that are new have rows where the others have none.
        }
    }

    private HeldRows heldRows() throws Exception {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(HELD.getName(), VoidNamespace.INSTANCE)) {
            return new HeldRows(getPartitionedState(HELD), this::setCurrentKey, clock, out, keys, restored);
        }
    }

    /** Whether the tasks behind this one take up what it gives: beyond a few buffers in between it would have to wait for them. */
    private boolean keepsUp() {
        for (ResultPartitionWriter writer : getContainingTask().getEnvironment().getAllWriters()) {
            for (int i = 0; i < writer.getNumberOfSubpartitions(); i++) {
                if (writer.getBuffersCountUnsafe(i) > MOST_BUFFERS) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Lets every entity that is in Flink's state be looked at once, as soon as a watermark comes. */
    private void wakeAll() {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(CELL.getName(), VoidNamespace.INSTANCE)) {
            keys.forEach(key -> {
                setCurrentKey(key);
                timers.registerEventTimeTimer(VoidNamespace.INSTANCE, definitions.settled());
            });
        }
    }

    @Override
    public void close() throws Exception {
        if (entities != null) {
            INSTANCES.decrementAndGet();
        }
        if (republication != null) {
            republication.close();
        }
        super.close();
    }

    /** About how many bytes the entities at hand take. */
    long cachedBytes() {
        return entities.bytes();
    }

    /** How many entities were read from Flink's state since the operator was opened. */
    long reads() {
        return entities.reads();
    }

    /** How many entities were written to Flink's state since the operator was opened. */
    long writes() {
        return entities.writes();
    }

    private long cacheBytes() {
        long share = Runtime.getRuntime().maxMemory() / 4 / Math.max(1, INSTANCES.get());
        return options.cacheBytes() > 0 ? options.cacheBytes() : share;
    }

    @Override
    public void processElement(StreamRecord<EventBundle> record) throws Exception {
        EventBundle bundle = record.getValue();
        if (bundle.isFrontier()) {
            outbox.reach(bundle.position());
            return;
        }
        KeyedCell cell = entities.use(bundle.key());
        boolean taken = false;
        for (KeyedEvent event : bundle.events()) {
            taken |= process(event, cell);
        }
        if (taken) {
            cell.changed(true);
            outbox.add(cell);
        }
    }

    /** Returns whether the event was taken in; if not, it went to the dead letters. */
    private boolean process(KeyedEvent event, KeyedCell cell) throws Exception {
        newestEvent = Math.max(newestEvent, event.time());
        InputEvent input =
                new InputEvent(event.time(), event.partition(), event.offset(), plan.decodeInputs(event.inputs()));
        if (!take(input, cell)) {
            refuse(event, cell);
            return false;
        }
        cell.produced(event.producedAt());
        return true;
    }

    private void refuse(KeyedEvent event, KeyedCell cell) {
        out.refuse(event);
        if (publishes && !cell.entity().isUnknown()) {
            // Before a crash, in another order, the event may have been taken in.
            out.republish(cell);
        }
    }

    private boolean take(InputEvent event, KeyedCell cell) throws Exception {
        if (cell.entity().isUnknown()) {
            cell.knownFrom(knownFrom());
        }
        return event.time() >= cell.knownFrom() && (cell.entity().accept(event) || correct(event, cell));
    }

    /** From which event time on an entity that has no state has had no events: before, it may have had some and was forgotten. */
    private long knownFrom() {
        return Math.max(reach.from(), lineage.forgottenBefore(definitions.settled()));
    }

    private boolean correct(InputEvent event, KeyedCell cell) throws Exception {
        return event.time() >= reach.from() && out.correct(event, cell);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        KeyedCell cell = entities.use(timer.getKey());
        if (cell.entity().isUnknown()) {
            entities.drop(cell);
            return; // A timer of an entity that was forgotten.
        }
        cell.eventTimerFired(timer.getTimestamp());
        long watermark = timers.currentWatermark();
        if (watermark < Long.MAX_VALUE) {
            out.settle(watermark + 1, cell);
        } else if (options.drain()) {
            for (long next = cell.entity().nextSettlement();
                    next != FeatureRow.NEVER;
                    next = cell.entity().nextSettlement()) {
                out.settle(next, cell);
            }
        } else {
            return; // The input has ended, and what is still to come is left to a job that goes on from here.
        }
        cell.changed(true);
        if (watermark < Long.MAX_VALUE && cell.entity().forgetAt() - 1 <= watermark) {
            forget(cell);
        } else {
            outbox.add(cell);
        }
    }

    /** Lets go of an entity that has no events any more: the last row that it has stays in the stores. */
    private void forget(KeyedCell cell) throws Exception {
        outbox.remove(cell);
        if (publishes && cell.entity().takeChanged()) {
            out.publish(cell);
        }
        entityTimers.forgetWallClock(cell);
        entities.forget(cell);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        KeyedCell cell = entities.use(timer.getKey());
        if (cell.entity().isUnknown()) {
            entities.drop(cell);
            return;
        }
        cell.wallTimer(KeyedCell.NO_TIMER);
        long now = timers.currentProcessingTime();
        if (cell.entity().current().validUntil() <= now) {
            cell.entity().advance(now);
            cell.changed(true);
        }
        outbox.add(cell);
    }

    /** Rows before the watermark are sent before it, and what they settle is awaited. */
    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        send();
        definitions.settle(watermark.getTimestamp());
        if (held == null) {
            super.processWatermark(watermark);
        } else if (timeServiceManager != null) {
            // It goes on when all that it settles has.
            timeServiceManager.advanceWatermark(watermark);
        }
        send();
    }

    /** To say that nothing comes for now would let Flink drop the watermark that follows once its rows have been released. */
    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        if (held == null) {
            super.processWatermarkStatus(status);
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        send();
        entities.writeAll();
        if (timers.currentWatermark() == Long.MAX_VALUE && !options.drain()) {
            wakeAll(); // All timers have fired, and a job that goes on from here has to look ahead again.
        }
        if (held != null) {
            held.begin(checkpoint, timers.currentWatermark());
        }
        if (republication != null) {
            republication.begin(checkpoint);
        }
    }

    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpoint, long timestamp, CheckpointOptions how, CheckpointStreamFactory storage) throws Exception {
        stops = how.getCheckpointType() instanceof SavepointType savepoint && savepoint.isSynchronous();
        return super.snapshotState(checkpoint, timestamp, how, storage);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        if (held != null && stops) {
            held.stopped(checkpoint);
        } else if (held != null) {
            held.completed(checkpoint);
        }
        if (republication != null) {
            republication.completed(checkpoint);
        }
    }

    @Override
    public void finish() throws Exception {
        send();
        if (held != null) {
            held.end(timers.currentWatermark());
        }
        super.finish();
    }

    private void publishBeforeItLeaves(KeyedCell cell) throws Exception {
        if (outbox.remove(cell)) {
            setCurrentKey(cell.key());
            lookAt(cell);
        }
    }

    private Stream<String> allKeys() throws Exception {
        entities.writeAll();
        return this.<String>getKeyedStateBackend().getKeys(CELL.getName(), VoidNamespace.INSTANCE);
    }

    /** Sends the row of an entity whatever was sent before. */
    private void republish(String key) throws Exception {
        KeyedCell cell = entities.look(key);
        if (!cell.entity().isUnknown()) {
            out.republish(cell);
        }
    }

    /** Sends the rows of all entities that were touched, and awaits what they wait for. */
    private void send() throws Exception {
        long now = clock.now();
        outbox.send(cell -> {
            setCurrentKey(cell.key());
            lookAt(cell);
            entities.touched(cell, now);
        });
        entities.writeQuiet(now);
        entities.makeRoom(); // Entities grow without others coming.
        if (held != null) {
            held.writeSome();
        }
    }

    private void lookAt(KeyedCell cell) {
        if (publishes && cell.entity().takeChanged()) {
            out.publish(cell);
        }
        entityTimers.set(cell);
    }

    private final class OperatorClock implements TaskClock {
        @Override
        public long now() {
            return getProcessingTimeService().getCurrentProcessingTime();
        }

        @Override
        public void after(long millis, RunnableWithException action) {
            getProcessingTimeService().registerTimer(now() + millis, instant -> action.run());
        }
    }
}
