package dev.tidemark.jobs.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;

/**
 * What one instance of a view says about settled rows, until a checkpoint is complete that knows of it.
 *
 * <p>Which rows are settled without an idle partition, and in which order events correct them, hangs on the wall clock. After a crash
 * it may happen otherwise, and nothing would take back a row that was written only because of how it happened the first time. So
 * nothing leaves before the state from which it came is what a restart begins with. What waits is part of that state: a restart
 * says it again, and all that was ever said is what one run without a crash would have said.
 *
 * <p>Little of it is in memory: what came since the last checkpoint began, up to a limit, and the keys of entities of which something
 * waits. Everything happens in the task's own thread; after a checkpoint entities are gone through in steps, between which events are
 * processed.
 */
final class HeldRows {
    private static final int STEP = 100;
    private static final long MOST_BYTES = 8 << 20;

    private final ListState<byte[]> chunks;
    private final Consumer<String> currentKey;
    private final MailboxExecutor mailbox;
    private final Outlet outlet;
    private final NavigableMap<Long, Long> settled = new TreeMap<>();
    private Map<String, List<Held>> fresh = new LinkedHashMap<>();
    private long freshBytes;
    private final Set<String> waiting = new HashSet<>(); // Entities that have chunks.
    private Deque<String> due = new ArrayDeque<>(); // Those of them that are still to be looked at.
    private boolean stepping;
    private long begun;
    private long completed;

    /**
     * Goes on from what waits in the state.
     *
     * @param chunks the state, of the current key
     * @param currentKey sets the key
     * @param mailbox that of the operator
     * @param keys the entities of which something waits
     * @param restored the checkpoint from which the job goes on; 0 for none
     */
    HeldRows(
            ListState<byte[]> chunks,
            Consumer<String> currentKey,
            MailboxExecutor mailbox,
            Outlet outlet,
            Stream<String> keys,
            long restored)
            throws Exception {
        this.chunks = chunks;
        this.currentKey = currentKey;
        this.mailbox = mailbox;
        this.outlet = outlet;
        this.begun = restored;
        keys.forEach(waiting::add);
        if (!waiting.isEmpty()) {
            completed(restored);
        }
    }

    /** Where things go when they may. */
    interface Outlet {
        /** Of one entity, in the order in which they came; its key is the current one. */
        void release(String key, List<Held> items);

        /** Everything up to a watermark, epoch milliseconds, was released. */
        void settled(long watermark);
    }

    /** Holds something of an entity. */
    void hold(String key, Held item) {
        fresh.computeIfAbsent(key, none -> new ArrayList<>(2)).add(item);
        freshBytes += item.weight();
    }

    /** Moves what is in memory to the state if there is too much of it. The current key stays. */
    void makeRoom(String key) throws Exception {
        if (freshBytes > MOST_BYTES) {
            write();
            currentKey.accept(key);
        }
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
        write();
        begun = checkpoint;
        settled.put(checkpoint, watermark);
    }

    /** A checkpoint is complete, and what came before it is released, soon. */
    void completed(long checkpoint) throws Exception {
        completed = Math.max(completed, checkpoint);
        due = new ArrayDeque<>(waiting);
        if (!stepping) {
            stepping = true;
            next();
        }
    }

    /** Releases everything, as nothing comes any more after this watermark. */
    void end(long watermark) throws Exception {
        write();
        settled.put(Long.MAX_VALUE, watermark);
        completed = Long.MAX_VALUE;
        due = new ArrayDeque<>(waiting);
        releaseAll();
    }

    private void write() throws Exception {
        Map<String, List<Held>> leaving = fresh;
        fresh = new LinkedHashMap<>();
        freshBytes = 0;
        for (Map.Entry<String, List<Held>> entry : leaving.entrySet()) {
            currentKey.accept(entry.getKey());
            chunks.add(new Held.Chunk(begun, entry.getValue()).encode());
            waiting.add(entry.getKey());
        }
    }

    private void next() throws Exception {
        try {
            mailbox.execute(this::step, "release settled rows");
        } catch (RejectedExecutionException e) {
            // The job stops with a savepoint, and this is the last chance.
            releaseAll();
        }
    }

    private void step() throws Exception {
        for (int i = 0; i < STEP && !due.isEmpty(); i++) {
            release(due.remove());
        }
        if (due.isEmpty()) {
            ended();
        } else {
            next();
        }
    }

    private void releaseAll() throws Exception {
        while (!due.isEmpty()) {
            release(due.remove());
        }
        ended();
    }

    private void ended() {
        stepping = false;
        Map.Entry<Long, Long> reached = settled.floorEntry(completed);
        if (reached != null) {
            settled.headMap(reached.getKey(), true).clear();
            outlet.settled(reached.getValue());
        }
    }

    private void release(String key) throws Exception {
        currentKey.accept(key);
        List<Held> released = new ArrayList<>();
        List<byte[]> stays = new ArrayList<>(0);
        for (byte[] bytes : chunks.get()) {
            Held.Chunk chunk = Held.Chunk.decode(bytes);
            if (chunk.after() < completed) {
                released.addAll(chunk.items());
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
        outlet.release(key, released);
    }
}
