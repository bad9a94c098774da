package dev.tidemark.engine;

import java.util.function.Consumer;

/** Signatures only, for the moment: the windows of one entity in one view. Not safe for use by several threads. */
public final class EntityState {
    private EntityState() {}

    /** The state of an entity that was never seen. */
    public static EntityState create(ViewPlan plan) {
        return new EntityState();
    }

    /** Reads what {@link #encode} wrote, for the same plan. */
    public static EntityState decode(ViewPlan plan, byte[] bytes) {
        return new EntityState();
    }

    public byte[] encode() {
        return new byte[0];
    }

    /**
     * Adds an event and moves the provisional row to the instant just after it, if it is the newest.
     *
     * @return false if rows that the event would change have been settled already; the event is then not added
     */
    public boolean accept(InputEvent event) {
        return true;
    }

    /** Hands over, in order, the rows of all change points up to and including {@code instant} that were not settled before. */
    public void settle(long instant, Consumer<FeatureRow> rows) {}

    /** Moves the provisional row forward to {@code instant}; an instant it has passed already changes nothing. */
    public void advance(long instant) {}

    /**
     * The provisional row: the values at the instant that {@link #accept}, {@link #advance} and {@link #settle} reached.
     *
     * @throws IllegalStateException if no event was accepted yet
     */
    public FeatureRow current() {
        throw new IllegalStateException("No event was accepted yet.");
    }

    /** The next instant at which {@link #settle} may hand over a row; {@link FeatureRow#NEVER} if only after another event. */
    public long nextSettlement() {
        return FeatureRow.NEVER;
    }
}
