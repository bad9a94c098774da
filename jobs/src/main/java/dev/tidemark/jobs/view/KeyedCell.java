package dev.tidemark.jobs.view;

import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.Lineage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All that a view keeps for one entity, as one value: a state of its own for each part would cost one more read and one more write an
 * event. The layout: format version (1 byte), from when on the entity is known (8 bytes; format 2 lacks it), the pending wall-clock
 * timer (8 bytes), how many event timers are pending (1 byte) and which (8 bytes each), the engine's entity state.
 */
final class KeyedCell {
    /** The {@link #wallTimer} of an entity that waits for no wall-clock time. */
    static final long NO_TIMER = Long.MAX_VALUE;

    /** The {@link #knownFrom} of an entity that was never forgotten. */
    static final long ALWAYS = Long.MIN_VALUE;

    private static final byte FORMAT = 3;
    private static final byte WITHOUT_KNOWN_FROM = 2;

    /** The latest is forgotten beyond that, and fires all the same. */
    private static final int MOST_TIMERS = 4;

    private static final int HEADER = 2 * Byte.BYTES + 2 * Long.BYTES;

    private final String key;
    private final EntityState entity;
    private long knownFrom = ALWAYS;
    private long wallTimer = NO_TIMER;
    private long[] eventTimers = {}; // Ascending; a few, as one is added only if it is earlier than all others.
    private boolean changed;
    private boolean used;
    private long touchedAt;
    private long unwrittenSince;
    private long producedAt;
    private @Nullable FeatureRow published; // Since the cell was read.
    private long weight;

    private KeyedCell(String key, EntityState entity) {
        this.key = key;
        this.entity = entity;
    }

    /**
     * Reads what {@link #encode} wrote, under the newest definition or an earlier one.
     *
     * @param bytes null for an entity that was never seen
     */
    static KeyedCell of(Lineage lineage, String key, byte @Nullable [] bytes) {
        if (bytes == null) {
            return new KeyedCell(key, EntityState.create(lineage.plan()));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte format = buffer.get();
        if (format != FORMAT && format != WITHOUT_KNOWN_FROM) {
            throw new IllegalStateException(
                    "The state of an entity has format " + format + ", but this job reads format " + FORMAT
                            + ". Was the savepoint written by another release of Tidemark?");
        }
        long knownFrom = format == WITHOUT_KNOWN_FROM ? ALWAYS : buffer.getLong();
        long wallTimer = buffer.getLong();
        long[] eventTimers = new long[buffer.get()];
        for (int i = 0; i < eventTimers.length; i++) {
            eventTimers[i] = buffer.getLong();
        }
        KeyedCell cell = new KeyedCell(key, lineage.decode(Arrays.copyOfRange(bytes, buffer.position(), bytes.length)));
        cell.knownFrom = knownFrom;
        cell.wallTimer = wallTimer;
        cell.eventTimers = eventTimers;
        return cell;
    }

    byte[] encode() {
        byte[] state = entity.encode();
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + eventTimers.length * Long.BYTES + state.length);
        buffer.put(FORMAT).putLong(knownFrom).putLong(wallTimer).put((byte) eventTimers.length);
        for (long timer : eventTimers) {
            buffer.putLong(timer);
        }
        return buffer.put(state).array();
    }

    String key() {
        return key;
    }

    EntityState entity() {
        return entity;
    }

    /**
     * From which event time on, epoch milliseconds, the state has all events of the entity. It may have had a state before that was
     * forgotten, and no event can correct the rows of that one.
     */
    long knownFrom() {
        return knownFrom;
    }

    void knownFrom(long time) {
        knownFrom = time;
    }

    /** The wall-clock instant at which the entity's timer fires, epoch milliseconds. */
    long wallTimer() {
        return wallTimer;
    }

    void wallTimer(long instant) {
        wallTimer = instant;
        changed = true;
    }

    /**
     * Whether a timer for an instant of event time has to be registered, which the cell then knows of. It has not if there is one at
     * that time or before: the entity looks ahead again when that fires. None is ever deleted, for one that fires too early costs less.
     */
    boolean needsEventTimer(long instant) {
        if (instant == FeatureRow.NEVER || eventTimers.length > 0 && eventTimers[0] <= instant) {
            return false;
        }
        int kept = Math.min(eventTimers.length, MOST_TIMERS - 1);
        long[] more = new long[kept + 1];
        more[0] = instant;
        System.arraycopy(eventTimers, 0, more, 1, kept);
        eventTimers = more;
        changed = true;
        return true;
    }

    /** Forgets the timers up to an instant: they have fired. */
    void eventTimerFired(long instant) {
        int fired = 0;
        while (fired < eventTimers.length && eventTimers[fired] <= instant) {
            fired++;
        }
        if (fired > 0) {
            eventTimers = Arrays.copyOfRange(eventTimers, fired, eventTimers.length);
            changed = true;
        }
    }

    /** Whether a row is another than the one that was published last, which it then is. */
    boolean publishes(FeatureRow row) {
        FeatureRow before = published;
        published = row;
        return before == null
                || row.validFrom() != before.validFrom()
                || row.validUntil() != before.validUntil()
                || !row.sameContent(before);
    }

    /** When the oldest record was produced that no published row knows; 0 if there is none or that is unknown. */
    long takeProducedAt() {
        long result = producedAt;
        producedAt = 0;
        return result;
    }

    void produced(long instant) {
        if (producedAt == 0) {
            producedAt = instant;
        }
    }

    /** Whether it has to be written: it is another than when it was read or written. */
    boolean changed() {
        return changed;
    }

    void changed(boolean now) {
        changed = now;
    }

    /** When it was last looked at after it may have been changed, by the clock. */
    long touchedAt() {
        return touchedAt;
    }

    void touchedAt(long instant) {
        touchedAt = instant;
    }

    /** When it was found changed, or touched again, by the clock. */
    long unwrittenSince() {
        return unwrittenSince;
    }

    void unwrittenSince(long instant) {
        unwrittenSince = instant;
    }

    /** Whether it was used since it came or was last passed over when room was made. */
    boolean used() {
        return used;
    }

    void used(boolean now) {
        used = now;
    }

    /** About how many bytes it takes in memory, when that was last asked with {@link #weigh}. */
    long weight() {
        return weight;
    }

    /** Finds out how many bytes it takes, and returns how many more these are than before. */
    long weigh() {
        long before = weight;
        weight = entity.weight() + 200 + 2L * key.length();
        return weight - before;
    }
}
