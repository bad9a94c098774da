package dev.tidemark.jobs.view;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalCounters;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.RowUpdate;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Feeds the events of one entity after the other to the engine, and the engine's rows to the stores: provisional rows are
 * the main output, settled rows and dead letters are side outputs.
 *
 * <p>An entity has at most two timers: in event time the next change point that is to be settled, and, while the job follows
 * the wall clock, the instant at which its provisional row runs out. The watermark {@code w} settles the change points up to
 * {@code w + 1}.
 */
public final class FeatureFunction extends KeyedProcessFunction<String, KeyedEvent, RowUpdate> {
    private static final long serialVersionUID = 1L;

    /** Rows that ran out long ago, as they do when a job catches up, are replaced no more often than this. */
    private static final long SHORTEST_WALL_WAIT = 500;

    private static final ValueStateDescriptor<byte[]> CELL =
            new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final FeatureView view;
    private final Options options;
    private final boolean publishes;
    private final OutputTag<RowUpdate> settledRows;
    private final OutputTag<DeadLetter> deadLetters;

    private transient ViewPlan plan;
    private transient RowCodec codec;
    private transient ValueState<byte[]> cells;
    private transient Counter provisional;
    private transient Counter settled;
    private transient Counter beyondType;
    private transient RefusalCounters refused;

    /**
     * The function of one view.
     *
     * @param publishes whether provisional rows are wanted; if not, they are not even computed
     */
    public FeatureFunction(
            FeatureView view,
            Options options,
            boolean publishes,
            OutputTag<RowUpdate> settledRows,
            OutputTag<DeadLetter> deadLetters) {
        this.view = view;
        this.options = options;
        this.publishes = publishes;
        this.settledRows = settledRows;
        this.deadLetters = deadLetters;
    }

    /**
     * How the function ends and what it follows.
     *
     * @param wallClockTails whether a provisional row that the wall clock has overtaken is replaced without waiting for an event
     * @param drain whether the end of the input settles every change point that is still to come
     */
    public record Options(boolean wallClockTails, boolean drain) implements Serializable {}

    @Override
    public void open(OpenContext context) {
        plan = ViewPlan.of(view);
        codec = RowCodec.of(view);
        cells = getRuntimeContext().getState(CELL);
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        provisional = metrics.counter("rowsProvisional");
        settled = metrics.counter("rowsSettled");
        beyondType = metrics.counter("valuesBeyondType");
        refused = new RefusalCounters(metrics);
    }

    @Override
    public void processElement(KeyedEvent event, Context context, Collector<RowUpdate> rows) throws Exception {
        KeyedCell cell = KeyedCell.of(plan, cells.value(), publishes);
        Object[] inputs = plan.decodeInputs(event.inputs());
        if (!cell.entity().accept(new InputEvent(event.time(), event.partition(), event.offset(), inputs))) {
            refused.count(RefusalReason.BEHIND_SETTLED);
            context.output(deadLetters, behindSettled(event));
            return;
        }
        publish(cell, event.key(), event.producedAt(), rows);
        keep(cell, context.timerService());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<RowUpdate> rows) throws Exception {
        KeyedCell cell = KeyedCell.of(plan, cells.value(), publishes);
        if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
            cell.wallTimer(KeyedCell.NO_TIMER);
            advance(cell.entity(), context.timerService().currentProcessingTime());
        } else if (!settle(cell.entity(), context)) {
            return;
        }
        publish(cell, context.getCurrentKey(), 0, rows);
        keep(cell, context.timerService());
    }

    private static void advance(EntityState entity, long now) {
        if (entity.current().validUntil() <= now) {
            entity.advance(now);
        }
    }

    /** Settles as far as the watermark allows; false if it allows nothing, for the input has ended and is not to be drained. */
    private boolean settle(EntityState entity, OnTimerContext context) {
        long watermark = context.timerService().currentWatermark();
        if (watermark < Long.MAX_VALUE) {
            settleUpTo(watermark + 1, entity, context);
            return true;
        } else if (!options.drain()) {
            return false;
        }
        while (entity.nextSettlement() != FeatureRow.NEVER) {
            settleUpTo(entity.nextSettlement(), entity, context);
        }
        return true;
    }

    private void settleUpTo(long instant, EntityState entity, OnTimerContext context) {
        String key = context.getCurrentKey();
        entity.settle(instant, row -> {
            settled.inc();
            context.output(settledRows, new RowUpdate(key, row.validFrom(), codec.encode(row), 0));
        });
    }

    private void publish(KeyedCell cell, String key, long producedAt, Collector<RowUpdate> rows) {
        if (!publishes) {
            return;
        }
        FeatureRow row = cell.entity().current();
        FeatureRow published = cell.published();
        boolean same = published != null
                && row.validFrom() == published.validFrom()
                && row.validUntil() == published.validUntil()
                && row.sameContent(published);
        if (!same) {
            provisional.inc();
            beyondType.inc(cell.entity().valuesBeyondType());
            rows.collect(new RowUpdate(key, row.validFrom(), codec.encode(row), producedAt));
        }
    }

    private void keep(KeyedCell cell, TimerService timers) throws Exception {
        awaitSettlement(cell, timers);
        if (options.wallClockTails()) {
            awaitWallClock(cell, timers);
        }
        cells.update(cell.encode());
    }

    /** The timer of the settlement before is gone if it is in the past; a later one that was overtaken is withdrawn. */
    private static void awaitSettlement(KeyedCell cell, TimerService timers) {
        long before = cell.settlement();
        long next = cell.entity().nextSettlement();
        if (next == before) {
            return;
        }
        if (before != FeatureRow.NEVER && before - 1 > timers.currentWatermark()) {
            timers.deleteEventTimeTimer(before - 1);
        }
        if (next != FeatureRow.NEVER) {
            timers.registerEventTimeTimer(next - 1);
        }
    }

    /** A timer that fires too early costs one look at the row; only one that would fire too late has to be moved. */
    private static void awaitWallClock(KeyedCell cell, TimerService timers) {
        long validUntil = cell.entity().current().validUntil();
        if (validUntil == FeatureRow.NEVER) {
            return;
        }
        long instant = Math.max(validUntil, timers.currentProcessingTime() + SHORTEST_WALL_WAIT);
        if (instant < cell.wallTimer()) {
            if (cell.wallTimer() != KeyedCell.NO_TIMER) {
                timers.deleteProcessingTimeTimer(cell.wallTimer());
            }
            timers.registerProcessingTimeTimer(instant);
            cell.wallTimer(instant);
        }
    }

    private DeadLetter behindSettled(KeyedEvent event) {
        String detail =
                "The rows of " + event.key() + " in view " + view.id() + " that the event would change were settled"
                        + " while its partition was idle. Its bytes are in the source's topic at this position.";
        return new DeadLetter(
                view.source().topic(),
                event.partition(),
                event.offset(),
                event.time(),
                new Refusal(RefusalReason.BEHIND_SETTLED, detail),
                null);
    }
}
