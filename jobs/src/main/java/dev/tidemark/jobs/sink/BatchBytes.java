package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.record.RowUpdate;
import org.jspecify.annotations.Nullable;

/** How large a batch is in bytes: where rows are large, so many that their number fills one would not fit into memory. */
final class BatchBytes {
    /** Far more than a full batch of usual rows has. */
    private static final long MOST = 16L << 20;

    private long bytes;

    /** Takes account of a row, and of the one in whose place it comes. */
    void put(RowUpdate row, @Nullable RowUpdate before) {
        bytes += row.length() - (before == null ? 0 : before.length());
    }

    boolean isFull() {
        return bytes >= MOST;
    }

    void clear() {
        bytes = 0;
    }
}
