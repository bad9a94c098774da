package dev.tidemark.jobs.view;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entities that were used lately, as objects: a busy entity is then not read and written at every event, only before each
 * checkpoint. What is in here is ahead of Flink's state until it is written back.
 */
final class EntityCache {
    private final LongSupplier mostBytes;
    private final Map<String, KeyedCell> cells = new LinkedHashMap<>(1_024);
    private long bytes;

    /**
     * An empty cache.
     *
     * @param mostBytes about how many bytes of memory it takes, which may change; what was used last stays though it may be larger
     */
    EntityCache(LongSupplier mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The entity, which then counts as used; null if it is not here. */
    @Nullable
    KeyedCell get(String key) {
        KeyedCell cell = cells.get(key);
        if (cell != null) {
            cell.used(true);
        }
        return cell;
    }

    /** Takes an entity in, which then counts as used: all others leave before it. */
    void put(KeyedCell cell) {
        cell.used(true);
        cells.put(cell.key(), cell);
        bytes += cell.weigh();
    }

    /** Takes account of what an entity weighs now. */
    void weigh(KeyedCell cell) {
        bytes += cell.weigh();
    }

    /**
     * Takes out an entity that was not used lately if there is too much, but for one that is all there is; else null. An entity gets a
     * second chance for having been used since it came or was last passed over (the CLOCK algorithm, Corbató 1968).
     */
    @Nullable
    KeyedCell evict() {
        if (bytes <= mostBytes.getAsLong() || cells.size() <= 1) {
            return null;
        }
        while (true) {
            Iterator<KeyedCell> eldest = cells.values().iterator();
            KeyedCell cell = eldest.next();
            eldest.remove();
            if (!cell.used()) {
                bytes -= cell.weight();
                return cell;
            }
            cell.used(false);
            cells.put(cell.key(), cell);
        }
    }

    void remove(KeyedCell cell) {
        if (cells.remove(cell.key()) != null) {
            bytes -= cell.weight();
        }
    }

    Collection<KeyedCell> all() {
        return cells.values();
    }

    long bytes() {
        return bytes;
    }
}
