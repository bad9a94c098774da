package dev.tidemark.engine;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One entity's slices of one {@link LanePlan}, oldest first, in chunks. A slice without events does not exist. */
final class Lane {
    private final LanePlan plan;
    private final List<Chunk> chunks = new ArrayList<>();

    Lane(LanePlan plan) {
        this.plan = plan;
    }

    /** Adds an event to its slice. No event is older than the slice of the one before. */
    void add(InputEvent event) {
        Chunk newest = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (newest == null || plan.slice(event.time()) > newest.last() && newest.isFull()) {
            chunks.add(Chunk.of(plan, event));
        } else {
            newest.add(event);
        }
    }

    /** Merges the cells of the slices that start in {@code [from, to)} into an accumulator. */
    void mergeInto(Accumulator total, int cell, long from, long to) {
        for (Chunk chunk : chunks) {
            if (chunk.last() < from || chunk.first() >= to || !chunk.has(cell)) {
                continue;
            }
            for (Slice slice : chunk.slices()) {
                Accumulator present = slice.cell(cell);
                if (slice.start() >= from && slice.start() < to && present != null) {
                    total.merge(present);
                }
            }
        }
    }

    /**
     * Removes the cells of the slices that start in {@code [from, to)} from an accumulator.
     *
     * @return what {@link Accumulator#remove} says
     */
    boolean removeFrom(Accumulator total, int cell, long from, long to) {
        for (Chunk chunk : chunks) {
            if (chunk.first() >= to) {
                return true;
            } else if (chunk.last() < from || !chunk.has(cell)) {
                continue;
            }
            for (Slice slice : chunk.slices()) {
                Accumulator present = slice.cell(cell);
                if (slice.start() >= from && slice.start() < to && present != null && !total.remove(present)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The start of the first slice at {@code from} or later that has the cell; {@link FeatureRow#NEVER} if there is none. */
    long firstStart(int cell, long from) {
        for (Chunk chunk : chunks) {
            if (chunk.last() < from || !chunk.has(cell)) {
                continue;
            }
            for (Slice slice : chunk.slices()) {
                if (slice.start() >= from && slice.cell(cell) != null) {
                    return slice.start();
                }
            }
        }
        return FeatureRow.NEVER;
    }

    /** Forgets slices that start before an instant, a chunk at a time: some may stay for a while. */
    void dropBefore(long start) {
        int keep = 0;
        while (keep < chunks.size() && chunks.get(keep).last() < start) {
            keep++;
        }
        chunks.subList(0, keep).clear();
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(chunks.size(), out);
        for (Chunk chunk : chunks) {
            chunk.write(out);
        }
    }

    void read(DataInputStream in, ArrayInput input) throws IOException {
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        for (int i = 0; i < size; i++) {
            chunks.add(Chunk.read(plan, in, input));
        }
    }
}
