package dev.tidemark.jobs.record;

import dev.tidemark.engine.LogPosition;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Events of one entity as one view sees them, on their way there together: a hot entity is then looked up once for all of them.
 *
 * @param key that of every event
 * @param events one or more, in the order in which they were read; not to be changed
 */
public record EventBundle(String key, List<KeyedEvent> events) {
    /** How Flink ships it. */
    public static final TypeInformation<EventBundle> TYPE =
            new WireType<>(EventBundle.class, new EventBundleSerializer());

    /** A bundle of a single event. */
    public static EventBundle of(KeyedEvent event) {
        return new EventBundle(event.key(), List.of(event));
    }

    /** Whether this is word of a frontier instead of events; see {@link KeyedEvent#frontier}. */
    public boolean isFrontier() {
        return events.get(0).isFrontier();
    }

    /** The position of a frontier. */
    public LogPosition position() {
        return events.get(0).position();
    }
}
