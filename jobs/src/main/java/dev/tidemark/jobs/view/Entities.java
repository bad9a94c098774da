package dev.tidemark.jobs.view;

import dev.tidemark.engine.Lineage;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * The entities of one instance of a view: those that were used lately as objects, all others in Flink's state. An entity that was
 * changed is written there when it has been quiet for a while, when it gives way to others, and before a checkpoint: so a checkpoint
 * finds few to write, for which all events would have to wait.
 */
final class Entities {
    /** How long an entity is left alone before it is written, milliseconds. */
    private static final long QUIET = 250;

    /** How many are written at once while events wait. */
    private static final int STEP = 20;

    private final Lineage lineage;
    private final ValueState<byte[]> cells;
    private final Consumer<String> currentKey;
    private final ThrowingConsumer<KeyedCell, Exception> leaves;
    private final EntityCache cache;
    private final Set<KeyedCell> unwritten = new LinkedHashSet<>(); // By the time since when.
    private final Counter reads;
    private final Counter writes;
    private final Counter forgotten;

    /**
     * Entities of which none is at hand.
     *
     * @param cells the state, of the current key
     * @param currentKey sets the key
     * @param mostBytes about how many bytes those at hand may take, which may change
     * @param leaves is called before an entity gives way to others
     */
    Entities(
            Lineage lineage,
            ValueState<byte[]> cells,
            Consumer<String> currentKey,
            LongSupplier mostBytes,
            ThrowingConsumer<KeyedCell, Exception> leaves,
            MetricGroup metrics) {
        this.lineage = lineage;
        this.cells = cells;
        this.currentKey = currentKey;
        this.leaves = leaves;
        this.cache = new EntityCache(mostBytes);
        this.reads = metrics.counter("entitiesRead");
        this.writes = metrics.counter("entitiesWritten");
        this.forgotten = metrics.counter("entitiesForgotten");
        metrics.gauge("entityCacheBytes", this::bytes);
    }

    /** The entity of the current key, which then counts as used. */
    KeyedCell use(String key) throws Exception {
        KeyedCell known = cache.get(key);
        if (known != null) {
            return known;
        }
        reads.inc();
        KeyedCell read = KeyedCell.of(lineage, key, cells.value());
        cache.put(read);
        makeRoom();
        currentKey.accept(key);
        return read;
    }

    /** An entity, only to be looked at. Its key is then the current one. */
    KeyedCell look(String key) throws Exception {
        currentKey.accept(key);
        KeyedCell known = cache.get(key);
        return known == null ? KeyedCell.of(lineage, key, cells.value()) : known;
    }

    /**
     * Lets entities give way if there is too much, be it that another one came or that those at hand have grown. None may be in use but
     * the one that was used last. The current key is then any.
     */
    void makeRoom() throws Exception {
        for (KeyedCell leaving = cache.evict(); leaving != null; leaving = cache.evict()) {
            leaves.accept(leaving);
            write(leaving);
        }
    }

    /**
     * Takes account of an entity that may have been changed.
     *
     * @param now the clock, epoch milliseconds
     */
    void touched(KeyedCell cell, long now) {
        cell.touchedAt(now);
        if (cell.changed() && unwritten.add(cell)) {
            cell.unwrittenSince(now);
            cache.weigh(cell);
        }
    }

    /** Writes some of those that have been quiet for a while. */
    void writeQuiet(long now) throws Exception {
        for (int i = 0; i < STEP && !unwritten.isEmpty(); i++) {
            KeyedCell eldest = unwritten.iterator().next();
            if (eldest.unwrittenSince() > now - QUIET) {
                return;
            }
            cache.weigh(eldest); // What it grew by since it was put here.
            if (eldest.touchedAt() > now - QUIET) {
                unwritten.remove(eldest);
                unwritten.add(eldest);
                eldest.unwrittenSince(now);
            } else {
                write(eldest);
            }
        }
    }

    /** Lets go of an entity that turned out not to have a state. */
    void drop(KeyedCell cell) {
        unwritten.remove(cell);
        cache.remove(cell);
    }

    /** Lets go of the entity of the current key, and of its state. */
    void forget(KeyedCell cell) throws Exception {
        cells.clear();
        drop(cell);
        forgotten.inc();
    }

    /** Brings the state up to date. */
    void writeAll() throws Exception {
        for (KeyedCell cell : cache.all()) {
            write(cell);
        }
    }

    private void write(KeyedCell cell) throws Exception {
        unwritten.remove(cell);
        if (cell.changed()) {
            writes.inc();
            currentKey.accept(cell.key());
            cells.update(cell.encode());
            cell.changed(false);
        }
    }

    /** About how many bytes those at hand take. */
    long bytes() {
        return cache.bytes();
    }

    /** How many entities were read from Flink's state. */
    long reads() {
        return reads.getCount();
    }

    /** How many entities were written to Flink's state. */
    long writes() {
        return writes.getCount();
    }
}
