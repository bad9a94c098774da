package dev.tidemark.jobs.kafka;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Positions in one topic. Runs of offsets, as refused records mostly are, take about a bit each. Not safe for several threads. */
public final class PositionSet {
    private static final int CHUNK_BITS = 10;
    private static final int WITHIN_CHUNK = (1 << CHUNK_BITS) - 1;

    private final Map<Integer, Map<Long, BitSet>> partitions = new HashMap<>();
    private long size;

    /** Adds a position; false if it was there. */
    public boolean add(int partition, long offset) {
        BitSet chunk = partitions
                .computeIfAbsent(partition, unseen -> new HashMap<>())
                .computeIfAbsent(offset >> CHUNK_BITS, unseen -> new BitSet());
        int bit = (int) offset & WITHIN_CHUNK;
        if (chunk.get(bit)) {
            return false;
        }
        chunk.set(bit);
        size++;
        return true;
    }

    /** Whether the position was added. */
    public boolean contains(int partition, long offset) {
        BitSet chunk = partitions.getOrDefault(partition, Map.of()).get(offset >> CHUNK_BITS);
        return chunk != null && chunk.get((int) offset & WITHIN_CHUNK);
    }

    /** How many positions there are. */
    public long size() {
        return size;
    }
}
