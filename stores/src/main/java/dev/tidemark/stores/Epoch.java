package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import java.io.Serializable;

/**
 * A writer's right to write the rows of one view version, as {@link Fence} gave it. It lasts until a newer run, or a newer
 * attempt of the same writer, comes. Rows carry its number, and a greater one wins: that of a newer attempt, of a newer run, and of
 * the live line over repairs.
 *
 * @param viewId the view version, as in {@code edits@1}
 * @param number positive on the live line, negative on that of repairs; below 2^53 in size, so that Redis' scripts, which know
 *     doubles only, compare it exactly
 */
public record Epoch(String viewId, Writer writer, long number) implements Serializable {
    private static final int ATTEMPT_BITS = 20;
    private static final long REPAIRS = -(1L << 53);

    /** An epoch that no fence gave, for a store that is filled by hand, as in a test. */
    public static Epoch byHand(FeatureView view, long number) {
        return new Epoch(view.id(), new Writer(Writer.Line.LIVE, "by hand", "by hand", "by hand", 0), number);
    }

    static Epoch of(String viewId, Writer writer, long serial) {
        long number = serial << ATTEMPT_BITS | writer.attempt();
        return new Epoch(viewId, writer, writer.line() == Writer.Line.LIVE ? number : REPAIRS + number);
    }

    /** The run of an epoch on the live line: the same for all its writers and their attempts, and greater for a later run. */
    static long run(long number) {
        return number >> ATTEMPT_BITS;
    }

    void checkOwns(FeatureView view) {
        if (!view.id().equals(viewId)) {
            throw new IllegalArgumentException(
                    "The epoch is one of " + viewId + "; rows of " + view.id() + " need their own.");
        }
    }
}
