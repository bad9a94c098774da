package dev.tidemark.engine.oracle;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as the features of a view see it.
 *
 * @param inputs for each feature of the view what the event adds to it, null for nothing
 */
record ViewEvent(long time, int partition, long offset, List<@Nullable Object> inputs) {
    /** The order on which first and last, and every tie, depend. */
    static final Comparator<ViewEvent> ORDER = Comparator.comparingLong(ViewEvent::time)
            .thenComparingInt(ViewEvent::partition)
            .thenComparingLong(ViewEvent::offset);
}
