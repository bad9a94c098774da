package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first or the last few of the values in the order of events. */
final class Edges implements Accumulator {
    private static final @Nullable Object[] NO_INPUTS = {};

    /** What an entry and its position take in memory. */
    private static final long ENTRY = 72;

    private final DataType type;
    private final int sign; // 1 for the last, -1 for the first.
    private final int most;
    private final Comparator<Entry> order;
    private final List<Entry> entries = new ArrayList<>(); // The outermost first.

    /**
     * No values.
     *
     * @param sign 1 for the last, newest first; -1 for the first, oldest first
     * @param most how many there may be
     */
    Edges(DataType type, int sign, int most) {
        this.type = type;
        this.sign = sign;
        this.most = most;
        this.order = sign < 0 ? Comparator.naturalOrder() : Comparator.reverseOrder();
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    Edges read(DataInput in) throws IOException {
        entries.clear();
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        long time = 0;
        for (int i = 0; i < size; i++) {
            time += ValueCodec.readVarLong(in);
            int partition = Math.toIntExact(ValueCodec.readVarLong(in));
            long offset = ValueCodec.readVarLong(in);
            entries.add(new Entry(new InputEvent(time, partition, offset, NO_INPUTS), ValueCodec.read(type, in)));
        }
        return this;
    }

    @Override
    public void add(Object value, InputEvent event) {
        add(new Entry(new InputEvent(event.time(), event.partition(), event.offset(), NO_INPUTS), value));
    }

    @Override
    public void merge(Accumulator other) {
        ((Edges) other).entries.forEach(this::add);
    }

    private void add(Entry entry) {
        int index = Collections.binarySearch(entries, entry, order);
        if (index < 0 && -index - 1 < most) {
            entries.add(-index - 1, entry);
            if (entries.size() > most) {
                entries.remove(most);
            }
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Edges that = (Edges) oldest;
        if (that.entries.isEmpty()) {
            return true;
        }
        if (sign < 0 && entries.size() == most) {
            return false; // What comes after the first few was not kept.
        }
        // All that stay are newer than all that go, so those of the last few that stay are still the last.
        Entry newest = that.entries.get(sign > 0 ? 0 : that.entries.size() - 1);
        entries.removeIf(entry -> entry.compareTo(newest) <= 0);
        return true;
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public @Nullable Object value() {
        return entries.isEmpty() ? null : entries.stream().map(Entry::value).toList();
    }

    @Override
    public long stableUntil() {
        return entries.isEmpty() || sign < 0
                ? Cursor.FAR_PAST
                : entries.get(entries.size() - 1).position().time();
    }

    @Override
    public long weight() {
        return Weight.SMALL + Weight.ofMany(entries, entry -> ENTRY + Weight.of(entry.value()));
    }

    @Override
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(entries.size(), out);
        long previous = 0;
        for (Entry entry : entries) {
            ValueCodec.writeVarLong(entry.position().time() - previous, out);
            previous = entry.position().time();
            ValueCodec.writeVarLong(entry.position().partition(), out);
            ValueCodec.writeVarLong(entry.position().offset(), out);
            ValueCodec.write(type, entry.value(), out);
        }
    }

    private record Entry(InputEvent position, Object value) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return position.compareTo(other.position);
        }
    }
}
