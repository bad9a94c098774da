package dev.tidemark.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One accepted event as a view sees it. Events are ordered by event time, then partition, then offset.
 *
 * @param time event time, epoch milliseconds
 * @param partition the partition of the source's topic
 * @param offset the offset in that partition
 * @param inputs one value per input of the {@link ViewPlan}: what the event gives to the aggregates of that input, null for nothing
 */
public record InputEvent(long time, int partition, long offset, @Nullable Object[] inputs)
        implements Comparable<InputEvent> {

    @Override
    public int compareTo(InputEvent other) {
        int order = Long.compare(time, other.time);
        if (order == 0) {
            order = Integer.compare(partition, other.partition);
        }
        return order == 0 ? Long.compare(offset, other.offset) : order;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof InputEvent other && compareTo(other) == 0 && Arrays.deepEquals(inputs, other.inputs);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(time) * 31 + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return "InputEvent[" + time + ", " + partition + ":" + offset + ", " + List.of(Arrays.toString(inputs)) + "]";
    }
}
