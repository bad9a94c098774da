package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a log has been read: for some partitions of a topic, the greatest offset that was taken in. Of an entity's row it says
 * which events the row knows. Immutable.
 *
 * <p>As text it is {@code 0:1042,3:17}: partitions in ascending order, each with its offset; nothing for none.
 */
public final class LogPosition {
    /** Before every event. */
    public static final LogPosition NONE = new LogPosition(new int[0], new long[0]);

    /** In place of an offset: less than all of them. */
    public static final long NOTHING_READ = -1;

    private final int[] partitions; // Ascending.
    private final long[] offsets;

    private LogPosition(int[] partitions, long[] offsets) {
        this.partitions = partitions;
        this.offsets = offsets;
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if the text is not of that form; it says which part
     */
    public static LogPosition parse(String text) {
        LogPosition position = NONE;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int colon = part.indexOf(':');
            try {
                int partition =
                        Integer.parseInt(part.substring(0, Math.max(colon, 0)).trim());
                long offset = Long.parseLong(part.substring(colon + 1).trim());
                if (partition < 0 || offset < 0) {
                    throw new NumberFormatException("negative");
                }
                position = position.with(partition, offset);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "\"" + part + "\" is no position in a log; write PARTITION:OFFSET, as in 0:1042.", e);
            }
        }
        return position;
    }

    /** This position and one more event: the greater of two offsets of one partition stays. */
    public LogPosition with(int partition, long offset) {
        int index = Arrays.binarySearch(partitions, partition);
        if (index >= 0) {
            if (offsets[index] >= offset) {
                return this;
            }
            long[] greater = offsets.clone();
            greater[index] = offset;
            return new LogPosition(partitions, greater);
        }
        int place = -index - 1;
        int[] more = new int[partitions.length + 1];
        long[] moreOffsets = new long[more.length];
        System.arraycopy(partitions, 0, more, 0, place);
        System.arraycopy(offsets, 0, moreOffsets, 0, place);
        more[place] = partition;
        moreOffsets[place] = offset;
        System.arraycopy(partitions, place, more, place + 1, partitions.length - place);
        System.arraycopy(offsets, place, moreOffsets, place + 1, partitions.length - place);
        return new LogPosition(more, moreOffsets);
    }

    /** Whether every partition of the other position has been read here, and at least as far. */
    public boolean covers(LogPosition other) {
        for (int i = 0; i < other.partitions.length; i++) {
            int index = Arrays.binarySearch(partitions, other.partitions[i]);
            if (index < 0 || offsets[index] < other.offsets[i]) {
                return false;
            }
        }
        return true;
    }

    /** What is read where both have been read: of each partition the greater offset. */
    public LogPosition and(LogPosition other) {
        LogPosition both = this;
        for (int i = 0; i < other.partitions.length; i++) {
            both = both.with(other.partitions[i], other.offsets[i]);
        }
        return both;
    }

    /** What both have read: of the partitions that both know the lesser offset. */
    public LogPosition shared(LogPosition other) {
        LogPosition shared = NONE;
        for (int i = 0; i < partitions.length; i++) {
            long offset = Math.min(offsets[i], other.offset(partitions[i]));
            shared = offset == NOTHING_READ ? shared : shared.with(partitions[i], offset);
        }
        return shared;
    }

    /** The offset of a partition; {@link #NOTHING_READ} if nothing of it was read. */
    public long offset(int partition) {
        int index = Arrays.binarySearch(partitions, partition);
        return index < 0 ? NOTHING_READ : offsets[index];
    }

    /** The offset of every partition of which something was read, by ascending partition. */
    public SortedMap<Integer, Long> offsets() {
        SortedMap<Integer, Long> all = new TreeMap<>();
        for (int i = 0; i < partitions.length; i++) {
            all.put(partitions[i], offsets[i]);
        }
        return all;
    }

    /** Writes it in a few bytes a partition. */
    public void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(partitions.length, out);
        for (int i = 0; i < partitions.length; i++) {
            ValueCodec.writeVarLong(partitions[i], out);
            ValueCodec.writeVarLong(offsets[i], out);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static LogPosition read(DataInput in) throws IOException {
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        if (size == 0) {
            return NONE;
        }
        int[] partitions = new int[size];
        long[] offsets = new long[size];
        for (int i = 0; i < size; i++) {
            partitions[i] = Math.toIntExact(ValueCodec.readVarLong(in));
            offsets[i] = ValueCodec.readVarLong(in);
        }
        return new LogPosition(partitions, offsets);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof LogPosition other
                && Arrays.equals(partitions, other.partitions)
                && Arrays.equals(offsets, other.offsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(partitions) + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < partitions.length; i++) {
            text.append(i == 0 ? "" : ",").append(partitions[i]).append(':').append(offsets[i]);
        }
        return text.toString();
    }
}
