package dev.tidemark.engine;

import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A partial aggregate: all that one aggregate needs to know of a set of events. What it says depends on the set alone, never on
 * the order in which events were added, merged or removed. Mutable; not safe for use by several threads.
 *
 * <p>Another aggregate is one more implementation and its {@link AccumulatorType}.
 */
interface Accumulator {

    /** Adds one event's value, which is never null. */
    void add(Object value, InputEvent event);

    /** Adds the events of another accumulator of the same type, which stays as it is. */
    void merge(Accumulator other);

    /**
     * Takes out events that were added before and that are older than all that stay.
     *
     * @return false if what stays cannot be told from what is known: the caller must then aggregate it anew
     */
    boolean remove(Accumulator oldest);

    /** Whether no value is in it. */
    boolean isEmpty();

    /** The value, or null if there is none: of no events, or beyond what the type holds. */
    @Nullable
    Object value();

    /** Whether there is no value although there should be: what it stands for is beyond its type. */
    default boolean isBeyondType() {
        return !isEmpty() && value() == null;
    }

    /**
     * An event time up to which the events may leave, oldest first, without any change to the value: as long as the event at that
     * time stays, so does the value. {@link Cursor#FAR_PAST} if nothing of the kind is known.
     */
    default long stableUntil() {
        return Cursor.FAR_PAST;
    }

    /** About how many bytes it takes in memory. It is asked often, so it must not count what it holds one by one. */
    default long weight() {
        return Weight.SMALL;
    }

    void write(DataOutput out) throws IOException;
}
