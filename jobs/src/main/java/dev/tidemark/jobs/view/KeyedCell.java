package dev.tidemark.jobs.view;

import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.ViewPlan;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All that a view keeps for one entity, as one value: a state of its own for each part would cost one more read and one more write an
 * event. The layout: format version (1 byte), the pending wall-clock timer (8 bytes), the engine's entity state.
 */
final class KeyedCell {
    /** The {@link #wallTimer} of an entity that waits for no wall-clock time. */
    static final long NO_TIMER = Long.MAX_VALUE;

    private static final byte FORMAT = 1;
    private static final int HEADER = Byte.BYTES + Long.BYTES;

    private final EntityState entity;
    private final @Nullable FeatureRow published;
    private final long settlement;
    private long wallTimer;

    private KeyedCell(EntityState entity, @Nullable FeatureRow published, long settlement, long wallTimer) {
        this.entity = entity;
        this.published = published;
        this.settlement = settlement;
        this.wallTimer = wallTimer;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param bytes null for an entity that was never seen
     * @param publishes whether the row that was published last is needed
     */
    static KeyedCell of(ViewPlan plan, byte @Nullable [] bytes, boolean publishes) {
        if (bytes == null) {
            return new KeyedCell(EntityState.create(plan), null, FeatureRow.NEVER, NO_TIMER);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException(
                    "The state of an entity has format " + format + ", but this job reads format " + FORMAT
                            + ". Was the savepoint written by another release of Tidemark?");
        }
        long wallTimer = buffer.getLong();
        byte[] state = new byte[buffer.remaining()];
        buffer.get(state);
        EntityState entity = EntityState.decode(plan, state);
        return new KeyedCell(entity, publishes ? entity.current() : null, entity.nextSettlement(), wallTimer);
    }

    byte[] encode() {
        byte[] state = entity.encode();
        return ByteBuffer.allocate(HEADER + state.length)
                .put(FORMAT)
                .putLong(wallTimer)
                .put(state)
                .array();
    }

    EntityState entity() {
        return entity;
    }

    /** The provisional row as it was when the cell was read, which is the one that was published last; null if none was or nobody asked. */
    @Nullable
    FeatureRow published() {
        return published;
    }

    /** The engine's next settlement as it was when the cell was read, for which a timer waits. */
    long settlement() {
        return settlement;
    }

    /** The wall-clock instant at which the entity's timer fires, epoch milliseconds. */
    long wallTimer() {
        return wallTimer;
    }

    void wallTimer(long instant) {
        wallTimer = instant;
    }
}
