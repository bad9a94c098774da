package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entity's slices of one {@link ViewPlan.LanePlan}, oldest first. A slice without events does not exist. */
final class Lane {
    private final ViewPlan.LanePlan plan;
    private final List<Slice> slices = new ArrayList<>();

    Lane(ViewPlan.LanePlan plan) {
        this.plan = plan;
    }

    /** Adds an event to its slice. */
    void add(InputEvent event) {
        Slice slice = slice(plan.slice(event.time()));
        for (int cell = 0; cell < plan.cells(); cell++) {
            Object value = event.inputs()[plan.cellInput(cell)];
            if (value != null) {
                Accumulator present = slice.cells[cell];
                Accumulator accumulator = present == null ? plan.cellType(cell).create() : present;
                accumulator.add(value, event);
                slice.cells[cell] = accumulator;
            }
        }
    }

    /** Merges the cells of all slices that start at {@code from} or later into an accumulator. */
    void mergeInto(Accumulator total, int cell, long from) {
        for (int i = indexOf(from); i < slices.size(); i++) {
            Accumulator present = slices.get(i).cells[cell];
            if (present != null) {
                total.merge(present);
            }
        }
    }

    /**
     * Removes the cells of the slices that start in {@code [from, to)} from an accumulator.
     *
     * @return what {@link Accumulator#remove} says
     */
    boolean removeFrom(Accumulator total, int cell, long from, long to) {
        for (int i = indexOf(from); i < slices.size() && slices.get(i).start < to; i++) {
            Accumulator present = slices.get(i).cells[cell];
            if (present != null && !total.remove(present)) {
                return false;
            }
        }
        return true;
    }

    /** The start of the first slice at {@code from} or later that has the cell; {@link FeatureRow#NEVER} if there is none. */
    long firstStart(int cell, long from) {
        for (int i = indexOf(from); i < slices.size(); i++) {
            if (slices.get(i).cells[cell] != null) {
                return slices.get(i).start;
            }
        }
        return FeatureRow.NEVER;
    }

    /** Forgets the slices that start before an instant. */
    void dropBefore(long start) {
        slices.subList(0, indexOf(start)).clear();
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(slices.size(), out);
        long previous = 0;
        for (Slice slice : slices) {
            long number = slice.start / plan.step();
            ValueCodec.writeVarLong(number - previous, out);
            previous = number;
            slice.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        long number = 0;
        for (int i = 0; i < size; i++) {
            number += ValueCodec.readVarLong(in);
            Slice slice = new Slice(number * plan.step(), plan.cells());
            slice.read(plan, in);
            slices.add(slice);
        }
    }

    private Slice slice(long start) {
        int index = indexOf(start);
        if (index == slices.size() || slices.get(index).start != start) {
            slices.add(index, new Slice(start, plan.cells()));
        }
        return slices.get(index);
    }

    /** The index of the first slice that starts at {@code start} or later. */
    private int indexOf(long start) {
        int low = 0;
        int high = slices.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slices.get(middle).start < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static final class Slice {
        private final long start;
        private final @Nullable Accumulator[] cells;

        private Slice(long start, int cells) {
            this.start = start;
            this.cells = new @Nullable Accumulator[cells];
        }

        private void write(DataOutput out) throws IOException {
            BitSet present = new BitSet(cells.length);
            for (int i = 0; i < cells.length; i++) {
                present.set(i, cells[i] != null);
            }
            ValueCodec.writeBytes(present.toByteArray(), out);
            for (Accumulator cell : cells) {
                if (cell != null) {
                    cell.write(out);
                }
            }
        }

        private void read(ViewPlan.LanePlan plan, DataInput in) throws IOException {
            BitSet present = BitSet.valueOf(ValueCodec.readBytes(in));
            for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
                cells[i] = plan.cellType(i).read(in);
            }
        }
    }
}
