package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events one by one, in their order: those that are not wholly in slices yet. */
final class EventBuffer {
    private static final InputEvent[] EMPTY = {};

    private static final int NEAR = 3;

    private final List<DataType> types;
    private InputEvent[] events = EMPTY;
    private int begin; // What is before was dropped: to drop the first events moves none of the others.
    private int end;

    /**
     * An empty buffer.
     *
     * @param types of the events' inputs
     */
    EventBuffer(List<DataType> types) {
        this.types = types;
    }

    void add(InputEvent event) {
        if (end == events.length) {
            makeRoom();
        }
        int place = end;
        while (place > begin && events[place - 1].compareTo(event) > 0) {
            place--; // Step by step, as events come nearly in order.
        }
        System.arraycopy(events, place, events, place + 1, end - place);
        events[place] = event;
        end++;
    }

    private void makeRoom() {
        int size = end - begin;
        InputEvent[] target = begin > events.length / 2 ? events : new InputEvent[Math.max(8, events.length * 2)];
        System.arraycopy(events, begin, target, 0, size);
        Arrays.fill(target, size, Math.max(size, Math.min(end, target.length)), null);
        events = target;
        begin = 0;
        end = size;
    }

    int size() {
        return end - begin;
    }

    InputEvent get(int index) {
        return events[begin + index];
    }

    /** The index of the first event at {@code time} or later; the size if there is none. */
    int indexOf(long time) {
        int low = begin;
        int high = end;
        // What is asked for is most often near an end: the newest events enter, and the oldest are settled.
        for (int i = 0; i < NEAR && low < high; i++) {
            if (events[high - 1].time() < time) {
                return high - begin;
            }
            high--;
        }
        for (int i = 0; i < NEAR && low < high; i++) {
            if (events[low].time() >= time) {
                return low - begin;
            }
            low++;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events[middle].time() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - begin;
    }

    /** The events in order; a view that ends with the next change. */
    List<InputEvent> all() {
        return Arrays.asList(events).subList(begin, end);
    }

    /** The newest event; null if there is none. */
    @Nullable
    InputEvent last() {
        return begin == end ? null : events[end - 1];
    }

    /** Puts others in the place of the events at {@code time} or later. */
    void replaceFrom(long time, List<InputEvent> others) {
        int kept = begin + indexOf(time);
        Arrays.fill(events, kept, end, null);
        end = kept;
        others.forEach(this::add);
    }

    void dropBefore(long time) {
        int dropped = indexOf(time);
        Arrays.fill(events, begin, begin + dropped, null);
        begin += dropped;
        if (begin == end) {
            begin = 0;
            end = 0;
        }
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        return Weight.SMALL + Weight.ofMany(all(), event -> 4 + Weight.of(event));
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(size(), out);
        long previous = 0;
        for (InputEvent event : all()) {
            ValueCodec.writeVarLong(event.time() - previous, out);
            previous = event.time();
            ValueCodec.writeVarLong(event.partition(), out);
            ValueCodec.writeVarLong(event.offset(), out);
            ValueCodec.writeAll(types, event.inputs(), out);
        }
    }

    void read(DataInput in) throws IOException {
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        long time = 0;
        for (int i = 0; i < size; i++) {
            time += ValueCodec.readVarLong(in);
            int partition = Math.toIntExact(ValueCodec.readVarLong(in));
            long offset = ValueCodec.readVarLong(in);
            add(new InputEvent(time, partition, offset, ValueCodec.readAll(types, in)));
        }
    }
}
