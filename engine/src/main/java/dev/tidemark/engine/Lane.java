package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** One entity's slices of one {@link LanePlan}, oldest first. A slice without events does not exist. */
final class Lane {
    private final LanePlan plan;
    private final Sequence<Slice> slices;

    Lane(LanePlan plan) {
        this.plan = plan;
        this.slices = new Sequence<>(new SliceForm(plan));
    }

    Sequence<Slice> slices() {
        return slices;
    }

    /** Adds an event to its slice. No event is older than the slice of the one before. */
    void add(InputEvent event) {
        if (!plan.takes(event)) {
            return;
        }
        long start = plan.slice(event.time());
        Slice newest = slices.last();
        if (newest == null || newest.start() != start) {
            newest = new Slice(start, plan.cells());
            newest.add(plan, event);
            slices.add(newest);
        } else {
            newest.add(plan, event);
            slices.touch();
        }
    }

    /** Takes over the slices of another lane that start before an instant. */
    void copyBefore(Lane other, long instant) {
        Sequence.Place place = new Sequence.Place();
        for (Slice slice = other.slices.first(place, Long.MIN_VALUE);
                slice != null && slice.start() < instant;
                slice = other.slices.at(place)) {
            slices.add(slice.copy(plan));
            other.slices.next(place);
        }
        other.slices.packUpAll();
    }

    /**
     * Takes over the slices of a lane of another plan.
     *
     * @param cells which of its cells each of this lane's was; -1 for none
     */
    void takeOver(Lane other, int[] cells) {
        for (Sequence.Chunk<Slice> chunk : other.slices.chunks()) {
            for (Slice slice : other.slices.items(chunk)) {
                Slice part = slice.part(cells);
                if (part != null) {
                    slices.add(part);
                }
            }
        }
    }

    /** Begins the next slice with what another holds. */
    void begin(Slice slice) {
        slices.add(slice.copy(plan));
    }

    /** Merges a cell of the slices that start in {@code [from, to)} into an accumulator. */
    void mergeInto(Accumulator total, int cell, long from, long to) {
        List<Sequence.Chunk<Slice>> chunks = slices.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            Sequence.Chunk<Slice> chunk = chunks.get(i);
            if (chunk.last() < from || chunk.first() >= to) {
                continue;
            }
            if (i < chunks.size() - 1 && chunk.first() >= from && chunk.last() < to) {
                total.merge(digest(chunk, cell));
            } else {
                mergeSlices(chunk, total, cell, from, to);
            }
        }
        slices.packUpAll();
    }

    private void mergeSlices(Sequence.Chunk<Slice> chunk, Accumulator total, int cell, long from, long to) {
        for (Slice slice : slices.items(chunk)) {
            Accumulator present = slice.cell(cell);
            if (present != null && slice.start() >= from && slice.start() < to) {
                total.merge(present);
            }
        }
    }

    /** All slices of a full chunk in one, which is remembered: a window loses its greatest value more often than a chunk of slices. */
    private Accumulator digest(Sequence.Chunk<Slice> chunk, int cell) {
        if (chunk.digest == null) {
            chunk.digest = new Slice(chunk.first(), plan.cells());
        }
        Slice digest = (Slice) chunk.digest;
        Accumulator known = digest.cell(cell);
        if (known != null) {
            return known;
        }
        Accumulator all = plan.cellType(cell).create();
        mergeSlices(chunk, all, cell, Long.MIN_VALUE, Long.MAX_VALUE);
        digest.put(cell, all);
        chunk.digestWeight += all.weight();
        return all;
    }

    void write(DataOutput out) throws IOException {
        slices.write(out);
    }

    void read(ArrayInput in) throws IOException {
        slices.read(in);
    }

    private record SliceForm(LanePlan plan) implements Sequence.Form<Slice> {
        @Override
        public long time(Slice slice) {
            return slice.start();
        }

        @Override
        public long unit() {
            return plan.unit();
        }

        @Override
        public void write(Slice slice, DataOutput out) throws IOException {
            slice.write(out);
        }

        @Override
        public Slice read(long time, DataInput in) throws IOException {
            Slice slice = new Slice(time, plan.cells());
            slice.read(plan, in);
            return slice;
        }
    }
}
