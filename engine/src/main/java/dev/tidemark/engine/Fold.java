package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What becomes of values that are taken one after the other in the order of events: another order gives another result. */
interface Fold {

    /**
     * Takes the next value.
     *
     * @param time of its event, epoch milliseconds; not before that of the last one
     */
    void add(double value, long time);

    /** The result so far; null without values, or if it is beyond a double. */
    @Nullable
    Double value();

    /** Forgets all values. */
    void clear();

    void write(DataOutput out) throws IOException;

    /** Replaces what is in it by what {@link #write} wrote. */
    void read(DataInput in) throws IOException;
}
