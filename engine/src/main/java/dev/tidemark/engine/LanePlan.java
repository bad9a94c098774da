package dev.tidemark.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Windows that are cut alike share their slices: a lane. A sliding window reads the slices from its tail up to its head, which
 * follows the instant at the lane's offset; a tumbling one reads the last slice that is complete.
 */
final class LanePlan {
    private final Grid grid;
    private final long offset;
    private final boolean tumbling;
    private final List<Integer> cellInputs = new ArrayList<>();
    private final List<AccumulatorType> cellTypes = new ArrayList<>();
    private long maxLength;

    LanePlan(Grid grid, long offset, boolean tumbling) {
        this.grid = grid;
        this.offset = offset;
        this.tumbling = tumbling;
    }

    /** The index of the cell for an aggregate of an input, which is made if there is none. */
    int cell(int input, AccumulatorType type) {
        for (int i = 0; i < cellInputs.size(); i++) {
            if (cellInputs.get(i) == input && cellTypes.get(i).equals(type)) {
                return i;
            }
        }
        cellInputs.add(input);
        cellTypes.add(type);
        return cellInputs.size() - 1;
    }

    /** Makes the lane reach back for a window of a length. */
    void cover(long length) {
        maxLength = Math.max(maxLength, length);
    }

    int cells() {
        return cellInputs.size();
    }

    int cellInput(int cell) {
        return cellInputs.get(cell);
    }

    AccumulatorType cellType(int cell) {
        return cellTypes.get(cell);
    }

    /** Whether an event gives anything to any cell. */
    boolean takes(InputEvent event) {
        for (int input : cellInputs) {
            if (event.inputs()[input] != null) {
                return true;
            }
        }
        return false;
    }

    boolean tumbling() {
        return tumbling;
    }

    /** How far the head of a sliding window is behind, milliseconds. */
    long offset() {
        return offset;
    }

    /** The longest window on this lane, milliseconds. */
    long maxLength() {
        return maxLength;
    }

    /** As {@link Grid#unit}. */
    long unit() {
        return grid.unit();
    }

    /** The start of the slice that an event time falls in. */
    long slice(long time) {
        return grid.start(time);
    }

    /** The end of the slice that starts at an instant. */
    long sliceEnd(long start) {
        return grid.end(start);
    }

    /** The least event time that a window of this length covers at an instant. */
    long tail(long instant, long length) {
        return tumbling ? grid.start(grid.start(instant) - 1) : grid.start(instant - offset - length);
    }

    /** The least event time that is too new for a window at an instant. */
    long head(long instant) {
        return tumbling ? grid.start(instant) : instant - offset;
    }

    /** The instant at which a slice leaves a window of this length. */
    long exit(long start, long length) {
        return tumbling ? grid.end(grid.end(start)) : grid.end(start) + length + offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LanePlan that
                && grid.equals(that.grid)
                && offset == that.offset
                && tumbling == that.tumbling;
    }

    @Override
    public int hashCode() {
        return grid.hashCode();
    }

    @Override
    public String toString() {
        return grid + "/" + offset + "/" + tumbling + cellInputs + cellTypes;
    }
}
