package dev.tidemark.jobs.record;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * A record of a source after it was read: either an event, projected for every view of the source, or refused.
 *
 * @param time event time, epoch milliseconds; {@link #NO_TIME} if there is none
 * @param producedAt when the record was produced, epoch milliseconds by the log's clock; 0 if unknown
 * @param bytes the record's value; null for a tombstone
 * @param events one per view of the source, in the order of the views; null where the view does not take the event. Empty
 *     if the record is refused. Not to be changed
 * @param notFinite how many inputs were NaN or infinite
 * @param refusal why the record is no event; null if it is one
 */
public record SourceRecord(
        String topic,
        int partition,
        long offset,
        long time,
        long producedAt,
        byte @Nullable [] bytes,
        List<@Nullable KeyedEvent> events,
        int notFinite,
        @Nullable Refusal refusal) {
    /** The {@link #time} of a record without a readable event time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** How Flink ships it. */
    public static final TypeInformation<SourceRecord> TYPE =
            new WireType<>(SourceRecord.class, new SourceRecordSerializer());

    /** The dead letter that says this of the record. */
    public DeadLetter deadLetter(Refusal verdict) {
        return new DeadLetter(topic, partition, offset, time == NO_TIME ? null : time, verdict, bytes);
    }
}
