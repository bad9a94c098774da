package dev.tidemark.jobs.view;

import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.flink.util.function.SupplierWithException;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks now and then whether the online store has lost rows. If so it goes through all entities of an operator, in steps, so that
 * what arrives meanwhile does not have to wait for the end. Everything happens in the task's own thread.
 *
 * <p>The loss is mended when a checkpoint is complete that began after the last row was sent: the sink has written all of them by then.
 * A job that ends before finds the loss again when it goes on, and sends all rows once more.
 */
final class Republication implements AutoCloseable {
    /** How often it is asked, milliseconds. */
    private static final long INTERVAL = 1_000;

    private static final long BETWEEN_STEPS = 1;
    private static final int STEP = 500;

    private static final long NONE = Long.MAX_VALUE;

    private final LossState state;
    private final OnlineLoss.Probe probe;
    private final Entities entities;
    private final TaskClock clock;
    private @Nullable Stream<String> keys;
    private @Nullable Iterator<String> left;
    private boolean owed; // Rows that were lost, and that no checkpoint has seen sent.
    private long begun; // The last checkpoint that began.
    private long awaited = NONE; // The least checkpoint that began after the last row was sent.

    /** Nothing happens before {@link #begin}. */
    Republication(LossState state, Entities entities, TaskClock clock) {
        this.state = state;
        this.probe = state.open();
        this.owed = !state.before().whole();
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * The entities of an operator.
     *
     * @param keys all of them; the walk closes it
     * @param publish sends the row of one again
     * @param done is called when the row of each was sent
     */
    record Entities(
            SupplierWithException<Stream<String>, Exception> keys,
            ThrowingConsumer<String, Exception> publish,
            Runnable done) {}

    void begin() {
        clock.after(INTERVAL, this::look);
    }

    /** A checkpoint begins: with it what has been sent will be in the store. */
    void begin(long checkpoint) throws Exception {
        begun = checkpoint;
        state.write(probe.count(), owed);
    }

    void completed(long checkpoint) {
        if (checkpoint >= awaited) {
            awaited = NONE;
            probe.mended();
        }
    }

    private void look() throws Exception {
        if (left == null && probe.happened()) {
            owed = true;
            awaited = NONE;
            keys = entities.keys().get();
            left = keys.iterator();
            step(left);
        }
        clock.after(INTERVAL, this::look);
    }

    private void step(Iterator<String> walk) throws Exception {
        for (int i = 0; i < STEP && walk.hasNext(); i++) {
            entities.publish().accept(walk.next());
        }
        if (walk.hasNext()) {
            clock.after(BETWEEN_STEPS, () -> step(walk));
        } else {
            endWalk();
            owed = false;
            awaited = begun + 1;
            entities.done().run();
        }
    }

    private void endWalk() {
        if (keys != null) {
            keys.close();
        }
        keys = null;
        left = null;
    }

    @Override
    public void close() {
        endWalk();
        probe.close();
    }
}
