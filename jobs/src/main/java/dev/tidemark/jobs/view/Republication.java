package dev.tidemark.jobs.view;

import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.flink.util.function.SupplierWithException;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks now and then whether the online store has lost its rows. If so it goes through all entities of an operator, in steps, so that
 * what arrives meanwhile does not have to wait for the end. Everything happens in the task's own thread.
 */
final class Republication implements AutoCloseable {
    /** How often it is asked, milliseconds. */
    private static final long INTERVAL = 1_000;

    private static final long BETWEEN_STEPS = 1;
    private static final int STEP = 500;

    private final OnlineLoss.Probe probe;
    private final Entities entities;
    private final TaskClock clock;
    private @Nullable Stream<String> keys;
    private @Nullable Iterator<String> left;

    /** Nothing happens before {@link #begin}. */
    Republication(OnlineLoss.Probe probe, Entities entities, TaskClock clock) {
        this.probe = probe;
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

    private void look() throws Exception {
        if (left == null && probe.happened()) {
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
