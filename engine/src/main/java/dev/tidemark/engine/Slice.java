package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One slice of a lane: a partial aggregate for each cell that has events. */
final class Slice {
    private final long start;
    private final @Nullable Accumulator[] cells;

    /**
     * A slice without events.
     *
     * @param start epoch milliseconds
     */
    Slice(long start, int cells) {
        this.start = start;
        this.cells = new @Nullable Accumulator[cells];
    }

    long start() {
        return start;
    }

    /** The partial aggregate of a cell; null if it has no events. */
    @Nullable
    Accumulator cell(int cell) {
        return cells[cell];
    }

    Slice copy(LanePlan plan) {
        Slice copy = new Slice(start, cells.length);
        for (int cell = 0; cell < cells.length; cell++) {
            Accumulator present = cells[cell];
            if (present != null) {
                Accumulator accumulator = plan.cellType(cell).create();
                accumulator.merge(present);
                copy.cells[cell] = accumulator;
            }
        }
        return copy;
    }

    /** Some of the cells, -1 for one without events; null if none of them has any. The accumulators are the same. */
    @Nullable
    Slice part(int[] chosen) {
        Slice part = new Slice(start, chosen.length);
        boolean any = false;
        for (int cell = 0; cell < chosen.length; cell++) {
            part.cells[cell] = chosen[cell] < 0 ? null : cells[chosen[cell]];
            any |= part.cells[cell] != null;
        }
        return any ? part : null;
    }

    void put(int cell, Accumulator accumulator) {
        cells[cell] = accumulator;
    }

    void add(LanePlan plan, InputEvent event) {
        for (int cell = 0; cell < cells.length; cell++) {
            Object value = event.inputs()[plan.cellInput(cell)];
            if (value != null) {
                Accumulator present = cells[cell];
                Accumulator accumulator = present == null ? plan.cellType(cell).create() : present;
                accumulator.add(value, event);
                cells[cell] = accumulator;
            }
        }
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = 40 + 4L * cells.length;
        for (Accumulator cell : cells) {
            weight += cell == null ? 0 : cell.weight();
        }
        return weight;
    }

    void write(DataOutput out) throws IOException {
        for (int from = 0; from < cells.length; from += Byte.SIZE) {
            int present = 0;
            for (int i = from; i < Math.min(cells.length, from + Byte.SIZE); i++) {
                present |= cells[i] == null ? 0 : 1 << (i - from);
            }
            out.writeByte(present);
        }
        for (Accumulator cell : cells) {
            if (cell != null) {
                cell.write(out);
            }
        }
    }

    void read(LanePlan plan, DataInput in) throws IOException {
        byte[] present = new byte[(cells.length + Byte.SIZE - 1) / Byte.SIZE];
        in.readFully(present);
        for (int i = 0; i < cells.length; i++) {
            if ((present[i / Byte.SIZE] & 1 << i % Byte.SIZE) != 0) {
                cells[i] = plan.cellType(i).read(in);
            }
        }
    }
}
