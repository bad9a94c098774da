package dev.tidemark.jobs.audit;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Which entities an audit looks at: those whose hash is not above a bound. The bound is chosen so that, of the entities that the
 * stores know, as many are below as were asked for; one that the stores have lost is in the sample as likely as any other.
 */
final class Sample {
    private static final double CIRCLE = 0x1p64;

    private final int size;
    private final long seed;
    private final long start;
    /** The smallest hashes so far, the greatest of them first. */
    private final PriorityQueue<Long> smallest = new PriorityQueue<>((a, b) -> Long.compare(b, a));

    private final Set<Long> seen = new HashSet<>();

    /**
     * A sample that is still to be drawn.
     *
     * @param size how many entities; {@link Integer#MAX_VALUE} for all, which need not be offered
     */
    Sample(int size, long seed) {
        this(size, seed, 0);
    }

    /**
     * A sample that begins elsewhere in the circle of hashes.
     *
     * @param start 0, or the {@link #next} of the sample before it with the same seed
     */
    Sample(int size, long seed, long start) {
        this.size = size;
        this.seed = seed;
        this.start = start;
    }

    /** Where to begin to go on behind this sample. */
    long next() {
        return isWhole() ? start : start + smallest.element() + 1 + Long.MIN_VALUE;
    }

    /** How much of all entities, those included that the stores may have lost, the sample has: from 0 to 1. */
    double share() {
        return isWhole() ? 1 : ((double) smallest.element() - Long.MIN_VALUE + 1) / CIRCLE;
    }

    private boolean isWhole() {
        return isAll() || smallest.size() < size;
    }

    boolean isAll() {
        return size == Integer.MAX_VALUE;
    }

    /** Makes an entity known. */
    void offer(String key) {
        long hash = hash(key);
        if ((smallest.size() < size || hash < smallest.element()) && seen.add(hash)) {
            smallest.add(hash);
            if (smallest.size() > size) {
                seen.remove(smallest.remove());
            }
        }
    }

    boolean contains(String key) {
        return isWhole() || hash(key) <= smallest.element();
    }

    /** From the start of the sample on. Mixed, because a checksum alone leaves similar keys beside each other. */
    private long hash(String key) {
        CRC32C checksum = new CRC32C();
        checksum.update(key.getBytes(StandardCharsets.UTF_8));
        long hash = (checksum.getValue() << 32 | key.hashCode() & 0xFFFF_FFFFL) + seed * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ hash >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (hash ^ hash >>> 31) - start;
    }
}
