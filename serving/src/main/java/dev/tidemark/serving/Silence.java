package dev.tidemark.serving;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long something has been asked again and again in vain. One question that fails means little; nor does a pause between
 * two questions, as when this program itself had to wait. One thread asks, others look.
 */
final class Silence {
    private final Duration longest;
    private final LongSupplier nanos;
    /** When the first question in vain was asked; null while answers come. */
    private volatile @Nullable Long since;

    /**
     * Long before the first answer.
     *
     * @param longest a longer silence {@link #isLong}
     * @param nanos as {@link System#nanoTime}
     */
    Silence(Duration longest, LongSupplier nanos) {
        this.longest = longest;
        this.nanos = nanos;
        this.since = nanos.getAsLong() - longest.toNanos() - 1;
    }

    /** Call before each question. */
    void asked() {
        if (since == null) {
            since = nanos.getAsLong();
        }
    }

    void answered() {
        since = null;
    }

    boolean isLong() {
        Long begun = since;
        return begun != null && nanos.getAsLong() - begun > longest.toNanos();
    }
}
