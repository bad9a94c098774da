package dev.tidemark.jobs.record;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * A refused record: where it is, why it was refused, and its bytes.
 *
 * @param eventTime epoch milliseconds; null if the record has no readable event time
 * @param bytes the record's value; null if it had none, or if it had left the operator that saw them
 */
public record DeadLetter(
        String topic, int partition, long offset, @Nullable Long eventTime, Refusal refusal, byte @Nullable [] bytes) {
    /** How Flink ships it. */
    public static final TypeInformation<DeadLetter> TYPE = new WireType<>(DeadLetter.class, new DeadLetterSerializer());
}
