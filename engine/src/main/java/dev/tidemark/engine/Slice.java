package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
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

    /** Marks the cells that have events. */
    void mark(BitSet present) {
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] != null) {
                present.set(i);
            }
        }
    }

    void write(DataOutput out) throws IOException {
        BitSet present = new BitSet(cells.length);
        mark(present);
        ValueCodec.writeBytes(present.toByteArray(), out);
        for (Accumulator cell : cells) {
            if (cell != null) {
                cell.write(out);
            }
        }
    }

    void read(LanePlan plan, DataInput in) throws IOException {
        BitSet present = BitSet.valueOf(ValueCodec.readBytes(in));
        for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
            cells[i] = plan.cellType(i).read(in);
        }
    }
}
