package dev.tidemark.jobs.view;

import dev.tidemark.defs.Durations;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.HistoryChanges;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalCounters;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.RowUpdate;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What leaves the operator of a view, counted: provisional rows and word of the frontier on the main output, settled rows and refused
 * events on side outputs, these two at once or when a checkpoint knows of them.
 */
final class ViewOutput implements HeldRows.Outlet {
    private final FeatureView view;
    private final Lineage lineage;
    private final Duration corrections;
    private final RowCodec codec;
    private final Output<StreamRecord<RowUpdate>> output;
    private final OutputTag<RowUpdate> settledRows;
    private final OutputTag<DeadLetter> deadLetters;
    private final Counter provisional;
    private final Counter republished;
    private final Counter settled;
    private final Counter corrected;
    private final Counter beyondType;
    private final Counter notFinite;
    private final RefusalCounters refused;
    private final BooleanSupplier keepsUp;
    private @Nullable HeldRows held;

    /**
     * The output of one instance of a view.
     *
     * @param corrections how far back they reach, for messages
     * @param keepsUp whether what was sent is being taken up
     */
    ViewOutput(
            FeatureView view,
            Lineage lineage,
            Duration corrections,
            Output<StreamRecord<RowUpdate>> output,
            OutputTag<RowUpdate> settledRows,
            OutputTag<DeadLetter> deadLetters,
            BooleanSupplier keepsUp,
            MetricGroup metrics) {
        this.view = view;
        this.lineage = lineage;
        this.corrections = corrections;
        this.codec = RowCodec.of(view);
        this.output = output;
        this.settledRows = settledRows;
        this.deadLetters = deadLetters;
        this.keepsUp = keepsUp;
        this.provisional = metrics.counter("rowsProvisional");
        this.republished = metrics.counter("rowsRepublished");
        this.settled = metrics.counter("rowsSettled");
        this.corrected = metrics.counter("rowsCorrected");
        this.beyondType = metrics.counter("valuesBeyondType");
        this.notFinite = metrics.counter("notFiniteInputs");
        this.refused = new RefusalCounters(metrics);
        metrics.gauge("entitiesHeld", () -> held == null ? 0 : held.entities());
    }

    /** Lets settled rows and refused events wait from now on. */
    void hold(HeldRows rows) {
        held = rows;
    }

    /** The entity's row, if it is another than the one that was published last. */
    void publish(KeyedCell cell) {
        FeatureRow row = cell.entity().current();
        if (cell.publishes(row)) {
            provisional.inc();
            beyondType.inc(cell.entity().valuesBeyondType());
            send(cell, row);
        }
    }

    /** The entity's row, whatever was published before. */
    void republish(KeyedCell cell) {
        republished.inc();
        send(cell, cell.entity().current());
    }

    private void send(KeyedCell cell, FeatureRow row) {
        output.collect(new StreamRecord<>(new RowUpdate(
                cell.key(), row.validFrom(), codec.encode(row), cell.entity().position(), cell.takeProducedAt())));
    }

    void frontier(LogPosition position) {
        output.collect(new StreamRecord<>(RowUpdate.frontier(position)));
    }

    /** Settles an entity, whose key is the current one, up to an instant. */
    void settle(long instant, KeyedCell cell) throws Exception {
        cell.entity().settle(instant, row -> {
            settled.inc();
            say(cell.key(), new Held.Row(row.validFrom(), codec.encode(row)));
        });
        notFinite.inc(cell.entity().takeNotFinite());
        makeRoom(cell);
    }

    /** Takes in an event behind settled rows, if it is not too far behind, and writes again what it changes. */
    boolean correct(InputEvent event, KeyedCell cell) throws Exception {
        boolean taken = cell.entity().correct(event, new Corrections(cell.key()));
        makeRoom(cell);
        return taken;
    }

    private void makeRoom(KeyedCell current) throws Exception {
        if (held != null) {
            held.makeRoom(current.key());
        }
    }

    void refuse(KeyedEvent event) {
        refused.count(RefusalReason.BEHIND_SETTLED);
        say(event.key(), new Held.Refused(event.time(), event.partition(), event.offset()));
    }

    private void say(String key, Held item) {
        if (held == null) {
            tell(key, item);
        } else {
            held.hold(key, item);
        }
    }

    @Override
    public void release(String key, Collection<Held> items) {
        items.forEach(item -> tell(key, current(item)));
    }

    /** What a savepoint brought may be a row of an earlier definition. */
    private Held current(Held item) {
        return item instanceof Held.Row row && row.row() != null
                ? new Held.Row(row.validFrom(), lineage.packedRow(row.row()))
                : item;
    }

    @Override
    public void settled(long watermark) {
        output.emitWatermark(new Watermark(watermark));
    }

    @Override
    public boolean keepsUp() {
        return keepsUp.getAsBoolean();
    }

    private void tell(String key, Held item) {
        if (item instanceof Held.Row row) {
            output.collect(
                    settledRows,
                    new StreamRecord<>(new RowUpdate(key, row.validFrom(), row.row(), LogPosition.NONE, 0)));
        } else if (item instanceof Held.Refused event) {
            output.collect(deadLetters, new StreamRecord<>(behindSettled(key, event)));
        }
    }

    private DeadLetter behindSettled(String key, Held.Refused event) {
        String detail = "The rows of " + key + " in view " + view.id() + " that the event would change were settled"
                + " while its partition was idle, too long ago to be corrected: corrections reach back "
                + Durations.format(corrections)
                + " of event time, or less far for a busy entity. Its bytes are in the source's topic at this position.";
        return new DeadLetter(
                view.source().topic(),
                event.partition(),
                event.offset(),
                event.time(),
                new Refusal(RefusalReason.BEHIND_SETTLED, detail),
                null);
    }

    /** Writes the rows of one entity again that an event has changed after they were settled. */
    private final class Corrections implements HistoryChanges {
        private final String key;

        Corrections(String key) {
            this.key = key;
        }

        @Override
        public void write(FeatureRow row) {
            corrected.inc();
            say(key, new Held.Row(row.validFrom(), codec.encode(row)));
        }

        @Override
        public void remove(long validFrom) {
            corrected.inc();
            say(key, new Held.Row(validFrom, null));
        }
    }
}
