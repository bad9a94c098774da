package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.backfill.BackfillPlan.Part;
import dev.tidemark.jobs.ingest.EventTimeProgress;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Comes right behind the source, as one instance, and sees to it that a bounded log is settled as far as the live job would settle it, and no farther.
 *
 * <p>Flink forgets a partition when it has been read to its end and goes on with the watermark of the others. Here the partition goes on
 * holding them back, unless it was idle when the log ended: when its last event had been produced long before the newest of
 * all. A refused record is no sign of life, as for the live job. At the end comes the watermark of the whole log, and only then
 * Flink's own, which says that nothing follows.
 *
 * <p>Events outside of the backfill's range are taken out of their records; the records go on, since their times count for the verdict on
 * lateness.
 */
final class LogFollower extends AbstractStreamOperator<SourceRecord>
        implements OneInputStreamOperator<SourceRecord, SourceRecord> {
    private static final long serialVersionUID = 1L;
    /** How many offsets of the plan are behind. */
    static final String OFFSETS_DONE = "offsetsDone";

    /** Partition, next offset, greatest event time, when its last event was produced. */
    private static final ListStateDescriptor<Tuple4<Integer, Long, Long, Long>> PLACES =
            new ListStateDescriptor<>("places", Types.TUPLE(Types.INT, Types.LONG, Types.LONG, Types.LONG));

    private final BackfillPlan plan;
    private final long allowedLateness;
    private final long idleTimeout;

    // Flink calls initializeState before everything else.
    @SuppressWarnings("NullAway.Init")
    private transient Map<Integer, Place> places;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Tuple4<Integer, Long, Long, Long>> recorded;

    private transient long sent;
    private transient volatile long done;

    LogFollower(BackfillPlan plan, Source source) {
        this.plan = plan;
        this.allowedLateness = source.allowedLateness().toMillis();
        this.idleTimeout = source.idleTimeout().toMillis();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        sent = Long.MIN_VALUE;
        places = new HashMap<>();
        plan.parts().forEach(part -> places.put(part.partition(), new Place(part)));
        recorded = context.getOperatorStateStore().getListState(PLACES);
        for (Tuple4<Integer, Long, Long, Long> entry : recorded.get()) {
            Place place = place(entry.f0);
            done += entry.f1 - place.next;
            place.next = entry.f1;
            place.greatest = entry.f2;
            place.producedAt = entry.f3;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        getMetricGroup().gauge(OFFSETS_DONE, () -> done);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Tuple4<Integer, Long, Long, Long>> entries = new ArrayList<>();
        places.forEach(
                (partition, place) -> entries.add(Tuple4.of(partition, place.next, place.greatest, place.producedAt)));
        recorded.update(entries);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) {
        SourceRecord record = element.getValue();
        Place place = place(record.partition());
        done += record.offset() + 1 - place.next;
        place.next = record.offset() + 1;
        if (record.refusal() == null) {
            // A late event is no greater than what came before it, so it needs no verdict here.
            place.greatest = Math.max(place.greatest, record.time());
            place.producedAt = record.producedAt();
            if (!counts(record, place.part)) {
                element.replace(withoutEvents(record));
            }
        }
        output.collect(element);
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        send(Math.min(watermark.getTimestamp(), settled()));
        if (watermark.getTimestamp() == Long.MAX_VALUE) {
            super.processWatermark(watermark);
        }
    }

    /** A log that is read as fast as it goes has no idle partitions. */
    @Override
    public void processWatermarkStatus(WatermarkStatus status) {}

    private void send(long timestamp) throws Exception {
        if (timestamp > sent && timestamp < Long.MAX_VALUE) {
            sent = timestamp;
            super.processWatermark(new Watermark(timestamp));
        }
    }

    /**
     * The watermark that the partitions leave room for. That one is quiet may be seen before all is read: as long as there is more
     * to read in a partition, the source itself holds the watermark back for it.
     */
    private long settled() {
        long least = plan.settleUntil() == Long.MAX_VALUE ? Long.MAX_VALUE : plan.settleUntil() - 1;
        long idleBefore = places.values().stream()
                        .mapToLong(place -> place.producedAt)
                        .max()
                        .orElse(0)
                - idleTimeout;
        for (Place place : places.values()) {
            if (!place.isQuiet(idleBefore) && place.greatest != SourceRecord.NO_TIME) {
                least = Math.min(least, EventTimeProgress.watermark(place.greatest, allowedLateness));
            }
        }
        return least;
    }

    private boolean counts(SourceRecord record, Part part) {
        return record.offset() >= part.start()
                && record.time() >= plan.eventsFrom()
                && record.time() < plan.eventsBefore();
    }

    private static SourceRecord withoutEvents(SourceRecord record) {
        return new SourceRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.time(),
                record.producedAt(),
                record.bytes(),
                Collections.nCopies(record.events().size(), null),
                0,
                null);
    }

    private Place place(int partition) {
        Place place = places.get(partition);
        if (place == null) {
            throw new IllegalStateException("Partition " + partition + " of " + plan.topic() + " was not planned.");
        }
        return place;
    }

    /** How far a partition was read. */
    private static final class Place {
        private final Part part;
        private long next;
        private long greatest = SourceRecord.NO_TIME;
        private long producedAt; // Its last event; 0 if unknown.

        Place(Part part) {
            this.part = part;
            this.next = part.begin();
        }

        boolean isQuiet(long idleBefore) {
            return part.atLogEnd() && producedAt > 0 && producedAt < idleBefore;
        }
    }
}
