package dev.tidemark.jobs.view;

import dev.tidemark.engine.LogPosition;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.util.function.RunnableWithException;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * The entities whose provisional rows may have changed, to be looked at a few milliseconds after the first of them, and the frontier, word of
 * which comes behind the rows of all events that it speaks of.
 */
final class Outbox {
    private final TaskClock clock;
    private final Duration delay;
    private final RunnableWithException due;
    private final ViewOutput out;
    private final Set<KeyedCell> touched = new LinkedHashSet<>();
    private boolean waiting; // A clock timer waits.
    private LogPosition frontier = LogPosition.NONE; // All events up to there have been here.
    private boolean tellOf; // The frontier has moved and is still to be told.

    /**
     * An empty outbox.
     *
     * @param delay from the first entity on
     * @param due is called after that time; it has to call {@link #send}
     */
    Outbox(TaskClock clock, Duration delay, RunnableWithException due, ViewOutput out) {
        this.clock = clock;
        this.delay = delay;
        this.due = due;
        this.out = out;
    }

    void add(KeyedCell cell) {
        touched.add(cell);
        if (!waiting) {
            waiting = true;
            clock.after(delay.toMillis(), () -> {
                waiting = false;
                due.run();
            });
        }
    }

    /** Returns whether the entity was in it. */
    boolean remove(KeyedCell cell) {
        return touched.remove(cell);
    }

    /** All events up to a position have been here. */
    void reach(LogPosition position) {
        frontier = frontier.and(position);
        tellOf = true;
        if (!waiting) {
            tell();
        }
    }

    /** Looks at every entity, and tells of the frontier. */
    void send(ThrowingConsumer<KeyedCell, Exception> look) throws Exception {
        for (KeyedCell cell : touched) {
            look.accept(cell);
        }
        touched.clear();
        tell();
    }

    private void tell() {
        if (tellOf) {
            tellOf = false;
            out.frontier(frontier);
        }
    }
}
