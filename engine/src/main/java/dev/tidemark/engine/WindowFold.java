package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fold that keeps its values, so that events may come in any order and the oldest may leave.
 *
 * <p>Beyond {@value #MOST_VALUES} values it keeps none and has no result. Whether a set of events is beyond that depends on the set
 * alone; when events leave, the caller aggregates the others anew, and so the result comes back exactly when it may.
 */
final class WindowFold implements Accumulator {
    static final int MOST_VALUES = 100_000;

    /** What an entry and its position take in memory. */
    private static final long ENTRY = 72;

    private static final @Nullable Object[] NO_INPUTS = {};

    private final Fold fold;
    private int folded; // How many of the entries are in the fold.
    private final List<Entry> entries = new ArrayList<>(); // The oldest first.
    private boolean beyond;

    WindowFold(Fold fold) {
        this.fold = fold;
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    WindowFold read(DataInput in) throws IOException {
        keepFrom(entries.size());
        beyond = in.readBoolean();
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        long time = 0;
        long offset = 0;
        for (int i = 0; i < size; i++) {
            time += ValueCodec.readVarLong(in);
            int partition = Math.toIntExact(ValueCodec.readVarLong(in));
            offset += ValueCodec.readVarLong(in);
            InputEvent position = new InputEvent(time, partition, offset, NO_INPUTS);
            entries.add(new Entry(position, Double.longBitsToDouble(in.readLong())));
        }
        return this;
    }

    @Override
    public void add(Object value, InputEvent event) {
        InputEvent position = new InputEvent(event.time(), event.partition(), event.offset(), NO_INPUTS);
        add(new Entry(position, ((Number) value).doubleValue()));
    }

    private void add(Entry entry) {
        if (beyond) {
            return;
        } else if (entries.size() == MOST_VALUES) {
            exceed();
        } else if (entries.isEmpty() || entry.compareTo(entries.get(entries.size() - 1)) > 0) {
            entries.add(entry);
        } else {
            insert(entry);
        }
    }

    private void insert(Entry entry) {
        int index = Collections.binarySearch(entries, entry);
        if (index < 0) {
            entries.add(-index - 1, entry);
            if (-index - 1 < folded) {
                foldAnew();
            }
        }
    }

    @Override
    public void merge(Accumulator other) {
        WindowFold that = (WindowFold) other;
        if (that.beyond) {
            exceed();
        } else {
            that.entries.forEach(this::add);
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        WindowFold that = (WindowFold) oldest;
        if (beyond || that.entries.isEmpty()) {
            return that.isEmpty();
        }
        int newest = Collections.binarySearch(entries, that.entries.get(that.entries.size() - 1));
        keepFrom(newest < 0 ? -newest - 1 : newest + 1);
        return true;
    }

    private void exceed() {
        keepFrom(entries.size());
        beyond = true;
    }

    private void keepFrom(int index) {
        entries.subList(0, index).clear();
        foldAnew();
    }

    private void foldAnew() {
        fold.clear();
        folded = 0;
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty() && !beyond;
    }

    @Override
    public @Nullable Object value() {
        for (; folded < entries.size(); folded++) {
            Entry entry = entries.get(folded);
            fold.add(entry.value(), entry.position().time());
        }
        return fold.value();
    }

    @Override
    public long weight() {
        return 2 * Weight.SMALL + ENTRY * entries.size();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(beyond);
        ValueCodec.writeVarLong(entries.size(), out);
        long time = 0;
        long offset = 0;
        for (Entry entry : entries) {
            ValueCodec.writeVarLong(entry.position().time() - time, out);
            ValueCodec.writeVarLong(entry.position().partition(), out);
            ValueCodec.writeVarLong(entry.position().offset() - offset, out);
            out.writeLong(Double.doubleToRawLongBits(entry.value()));
            time = entry.position().time();
            offset = entry.position().offset();
        }
    }

    private record Entry(InputEvent position, double value) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return position.compareTo(other.position);
        }
    }
}
