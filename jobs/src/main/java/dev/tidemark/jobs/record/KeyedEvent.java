package dev.tidemark.jobs.record;

import dev.tidemark.engine.LogPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private static final int ALL_PARTITIONS = -1;

    /**
     * No event, but word that all events of one reader up to a position lie before it in the stream.
     *
     * @param key leads to the instance that is to know; no entity has it
     */
    public static KeyedEvent frontier(String key, LogPosition position) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            position.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new KeyedEvent(key, 0, ALL_PARTITIONS, 0, 0, bytes.toByteArray());
    }

    /** Whether this is word of a frontier instead of an event. */
    public boolean isFrontier() {
        return partition == ALL_PARTITIONS;
    }

    /** The position of a frontier. */
    public LogPosition position() {
        try {
            return LogPosition.read(new DataInputStream(new ByteArrayInputStream(inputs)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
