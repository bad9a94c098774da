package dev.tidemark.jobs.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.jspecify.annotations.Nullable;

/**
 * What one instance of a view says about settled rows, until a checkpoint is complete that knows of it.
 *
 * <p>Which rows are settled without an idle partition, and in which order events correct them, hangs on the wall clock. After a crash
 * it may happen otherwise, and nothing would take back a row that was written only because of how it happened the first time. So
 * nothing leaves before the state from which it came is what a restart begins with. What waits is part of that state: a restart
 * says it again, and all that was ever said is what one run without a crash would have said.
 *
 * <p>Little of it is in memory: what came in the last second, up to a limit, and the keys of entities of which something waits. What is
 * released leaves over some time, and for a minute no faster than the history takes it up, so that a database which is slow for a while
 * does not hold up online rows.
 * Everything happens in the task's own thread.
 */
final class HeldRows {
    /** How long what came waits for more of its entity before it moves from memory to the state, milliseconds. */
    private static final long GATHERING = 1_000;

    /** How many entities move at once while events wait. */
    private static final int STEP = 10;

    private static final long MOST_BYTES = 8 << 20;

    /** Between releases, milliseconds. */
    private static final long TICK = 10;

    /** How many entities are released at once at least. */
    private static final int LEAST = 20;

    /** How long a release takes if it is not known how often checkpoints come, and at most; milliseconds. */
    private static final long USUAL_SPREAD = 500;

    private static final long LONGEST_SPREAD = 5_000;

    /** How long a history that does not keep up is waited for before it holds up everything else, milliseconds: what waits has to end. */
    private static final long LENIENCE = 60_000;

    private final ListState<byte[]> chunks;
    private final Consumer<String> currentKey;
    private final TaskClock clock;
    private final Outlet outlet;
    private final Map<String, Fresh> fresh = new LinkedHashMap<>();
    private final Set<String> waiting = new HashSet<>(); // Entities that have chunks.
    private final NavigableMap<Long, Long> watermarks = new TreeMap<>(); // By checkpoint.
    private Deque<String> due = new ArrayDeque<>(); // Those that wait and are still to be looked at.
    private int quota;
    private boolean releasing;
    private long releasingSince;
    private long freshBytes;
    private long begun;
    private long completed;
    private long completedAt;

    /**
     * Goes on from what waits in the state.
     *
     * @param chunks the state, of the current key
     * @param currentKey sets the key
     * @param keys the entities of which something waits
     * @param restored the checkpoint from which the job goes on; 0 for none
     */
    HeldRows(
            ListState<byte[]> chunks,
            Consumer<String> currentKey,
            TaskClock clock,
            Outlet outlet,
            Stream<String> keys,
            long restored) {
        this.chunks = chunks;
        this.currentKey = currentKey;
        this.clock = clock;
        this.outlet = outlet;
        this.begun = restored;
        keys.forEach(waiting::add);
        if (!waiting.isEmpty()) {
            completed(restored);
        }
    }

    /** Where things go when they may. */
    interface Outlet {
        /** Of one entity, in the order in which they came, and of each place the last; its key is the current one. */
        void release(String key, Collection<Held> items);

        /** Everything up to a watermark, epoch milliseconds, was released. */
        void settled(long watermark);

        /** Whether what was released before is being taken up: if not, to release more could hold up everything else. */
        boolean keepsUp();
    }

    private record Fresh(long since, Map<Object, Held> byPlace) {}

    /** Holds something of an entity, in place of what is no longer true: a burst of corrections writes the same rows over and over. */
    void hold(String key, Held item) {
        Held before = put(
                item,
                fresh.computeIfAbsent(key, none -> new Fresh(clock.now(), new LinkedHashMap<>(4)))
                        .byPlace());
        freshBytes += item.weight() - (before == null ? 0 : before.weight());
    }

    /** Puts it behind all others, so that they stay in the order in which they came. Returns what it takes the place of. */
    private static @Nullable Held put(Held item, Map<Object, Held> byPlace) {
        Held before = byPlace.remove(item.place());
        byPlace.put(item.place(), item);
        return before;
    }

    /** Moves what is in memory to the state if there is too much of it. The current key stays. */
    void makeRoom(String key) throws Exception {
        if (freshBytes > MOST_BYTES) {
            write(Integer.MAX_VALUE, Long.MAX_VALUE);
            currentKey.accept(key);
        }
    }

    /** Moves to the state some of what came a while ago, so that little is left to be moved when a checkpoint begins. */
    void writeSome() throws Exception {
        write(STEP, clock.now() - GATHERING);
    }

    /** About how many entities something is held of. */
    int entities() {
        return waiting.size() + fresh.size();
    }

    /**
     * A checkpoint begins, and all that came before is part of it.
     *
     * @param watermark the operator's, epoch milliseconds
     */
    void begin(long checkpoint, long watermark) throws Exception {
        write(Integer.MAX_VALUE, Long.MAX_VALUE);
        begun = checkpoint;
        watermarks.put(checkpoint, watermark);
    }

    /** A checkpoint is complete, and what came before it is released, bit by bit until about half of the time to the next is over. */
    void completed(long checkpoint) {
        long now = clock.now();
        long spread = completedAt == 0 ? USUAL_SPREAD : Math.min((now - completedAt) / 2, LONGEST_SPREAD);
        completedAt = now;
        completed = Math.max(completed, checkpoint);
        due = new ArrayDeque<>(waiting);
        quota = (int) Math.max(LEAST, due.size() * TICK / Math.max(TICK, spread) + 1);
        if (!releasing) {
            releasing = true;
            releasingSince = now;
            clock.after(TICK, this::releaseSome);
        }
    }

    /** The same for the last checkpoint of a job that stops: everything before it is released at once. */
    void stopped(long checkpoint) throws Exception {
        completed = Math.max(completed, checkpoint);
        due = new ArrayDeque<>(waiting);
        while (!due.isEmpty()) {
            release(due.remove());
        }
        released();
    }

    /** Releases everything, as nothing comes any more after this watermark. */
    void end(long watermark) throws Exception {
        begin(Long.MAX_VALUE - 1, watermark);
        stopped(Long.MAX_VALUE);
    }

    /** Moves at most so many entities to the state, of which something has been in memory since an instant. */
    private void write(int most, long since) throws Exception {
        Iterator<Map.Entry<String, Fresh>> eldest = fresh.entrySet().iterator();
        for (int i = 0; i < most && eldest.hasNext(); i++) {
            Map.Entry<String, Fresh> entry = eldest.next();
            if (entry.getValue().since() > since) {
                return;
            }
            List<Held> items = List.copyOf(entry.getValue().byPlace().values());
            currentKey.accept(entry.getKey());
            chunks.add(new Held.Chunk(begun, items).encode());
            waiting.add(entry.getKey());
            eldest.remove();
            items.forEach(item -> freshBytes -= item.weight());
        }
    }

    private void releaseSome() throws Exception {
        boolean waits = clock.now() - releasingSince < LENIENCE;
        for (int i = 0; i < quota && !due.isEmpty() && (!waits || outlet.keepsUp()); i++) {
            release(due.remove());
        }
        if (due.isEmpty()) {
            released();
        } else {
            clock.after(TICK, this::releaseSome);
        }
    }

    private void released() {
        releasing = false;
        Map.Entry<Long, Long> reached = watermarks.floorEntry(completed);
        if (reached != null) {
            watermarks.headMap(reached.getKey(), true).clear();
            outlet.settled(reached.getValue());
        }
    }

    private void release(String key) throws Exception {
        currentKey.accept(key);
        Map<Object, Held> released = new LinkedHashMap<>(); // No reader sees what was taken back before the checkpoint.
        List<byte[]> stays = new ArrayList<>(0);
        for (byte[] bytes : chunks.get()) {
            Held.Chunk chunk = Held.Chunk.decode(bytes);
            if (chunk.after() < completed) {
                chunk.items().forEach(item -> put(item, released));
            } else {
                stays.add(bytes);
            }
        }
        if (stays.isEmpty()) {
            chunks.clear();
            waiting.remove(key);
        } else {
            chunks.update(stays);
        }
        if (!released.isEmpty()) {
            outlet.release(key, released.values());
        }
    }
}
