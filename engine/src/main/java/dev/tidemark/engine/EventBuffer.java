package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events one by one, in their order: those that are not wholly in slices yet. */
final class EventBuffer {
    private final List<DataType> types;
    private final List<InputEvent> events = new ArrayList<>();

    /**
     * An empty buffer.
     *
     * @param types of the events' inputs
     */
    EventBuffer(List<DataType> types) {
        this.types = types;
    }

    void add(InputEvent event) {
        int index = Collections.binarySearch(events, event);
        events.add(index < 0 ? -index - 1 : index, event);
    }

    /** The events with an event time in {@code [from, to)}; a view that ends with the next change. */
    List<InputEvent> between(long from, long to) {
        return from >= to ? List.of() : events.subList(indexOf(from), indexOf(to));
    }

    List<InputEvent> all() {
        return events;
    }

    /** The newest event; null if there is none. */
    @Nullable
    InputEvent last() {
        return events.isEmpty() ? null : events.get(events.size() - 1);
    }

    /** Puts others in the place of the events at {@code time} or later. */
    void replaceFrom(long time, List<InputEvent> others) {
        events.subList(indexOf(time), events.size()).clear();
        events.addAll(others);
    }

    void dropBefore(long time) {
        events.subList(0, indexOf(time)).clear();
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(events.size(), out);
        long previous = 0;
        for (InputEvent event : events) {
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
            events.add(new InputEvent(time, partition, offset, ValueCodec.readAll(types, in)));
        }
    }

    /** The index of the first event at {@code time} or later. */
    private int indexOf(long time) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).time() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
