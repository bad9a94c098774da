package dev.tidemark.jobs.record;

import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * An event as one view sees it, on its way to its entity.
 *
 * @param key the entity's join keys, as {@link dev.tidemark.engine.JoinKeys} writes them
 * @param time event time, epoch milliseconds
 * @param producedAt when the record was produced, epoch milliseconds by the log's clock; 0 if unknown
 * @param inputs the view's inputs, as {@link dev.tidemark.engine.ViewPlan#encodeInputs} writes them; not to be changed
 */
public record KeyedEvent(String key, long time, int partition, long offset, long producedAt, byte[] inputs) {
    /** How Flink ships it. */
    public static final TypeInformation<KeyedEvent> TYPE = new WireType<>(KeyedEvent.class, new KeyedEventSerializer());
}
