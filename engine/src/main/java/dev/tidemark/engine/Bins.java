package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Counts in numbered bins, of which only those that are not empty take room: 12 bytes each. */
final class Bins {
    private int[] numbers = new int[4]; // Ascending.
    private long[] counts = new long[4]; // Each more than zero.
    private int size;
    private long total;

    /** The sum of all counts. */
    long total() {
        return total;
    }

    /** About how many bytes they take in memory. */
    long weight() {
        return Weight.SMALL + 12L * numbers.length;
    }

    void add(int number, long count) {
        int index = Arrays.binarySearch(numbers, 0, size, number);
        if (index >= 0) {
            counts[index] += count;
        } else {
            insert(-index - 1, number, count);
        }
        total += count;
    }

    void add(Bins other) {
        for (int i = 0; i < other.size; i++) {
            add(other.numbers[i], other.counts[i]);
        }
    }

    /** Takes out counts that were added before. */
    void subtract(Bins other) {
        boolean emptied = false;
        for (int i = 0; i < other.size; i++) {
            int index = Arrays.binarySearch(numbers, 0, size, other.numbers[i]);
            counts[index] -= other.counts[i];
            emptied |= counts[index] == 0;
        }
        total -= other.total;
        if (emptied) {
            dropEmpty();
        }
    }

    /**
     * The bin of the value that has a rank in ascending order.
     *
     * @param rank from 1 to {@link #total}
     */
    int atRank(long rank) {
        long before = 0;
        for (int i = 0; i < size; i++) {
            before += counts[i];
            if (before >= rank) {
                return numbers[i];
            }
        }
        throw new IllegalArgumentException("Of " + total + " values none has the rank " + rank + ".");
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(size, out);
        int previous = 0;
        for (int i = 0; i < size; i++) {
            ValueCodec.writeVarLong(numbers[i] - previous, out);
            ValueCodec.writeVarLong(counts[i], out);
            previous = numbers[i];
        }
    }

    /** Replaces all counts by what {@link #write} wrote. */
    void read(DataInput in) throws IOException {
        size = Math.toIntExact(ValueCodec.readVarLong(in));
        numbers = new int[Math.max(size, 4)];
        counts = new long[numbers.length];
        total = 0;
        int previous = 0;
        for (int i = 0; i < size; i++) {
            previous += Math.toIntExact(ValueCodec.readVarLong(in));
            numbers[i] = previous;
            counts[i] = ValueCodec.readVarLong(in);
            total += counts[i];
        }
    }

    private void insert(int index, int number, long count) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(numbers, index, numbers, index + 1, size - index);
        System.arraycopy(counts, index, counts, index + 1, size - index);
        numbers[index] = number;
        counts[index] = count;
        size++;
    }

    private void dropEmpty() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (counts[i] != 0) {
                numbers[kept] = numbers[i];
                counts[kept++] = counts[i];
            }
        }
        size = kept;
    }
}
