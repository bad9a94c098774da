package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.Pause;
import dev.tidemark.stores.FencedException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a writer holds on while its store is away. It tries again at growing intervals; when its patience ends the task fails, and Flink
 * restarts it from the last checkpoint.
 *
 * @param total for one batch, from the first failure
 */
public record StorePatience(Duration total) implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(StorePatience.class);
    private static final long FIRST_WAIT = 100;
    private static final long LONGEST_WAIT = 5_000;

    /** Shorter than Flink's default checkpoint timeout of ten minutes. */
    public static final StorePatience DEFAULT = new StorePatience(Duration.ofMinutes(5));

    /**
     * Attempts something until it succeeds.
     *
     * @param what completes "Could not ...", for messages
     * @throws IOException if an attempt fails for good, or the patience ends
     * @throws InterruptedException if the task is cancelled meanwhile
     */
    void attempt(String what, Attempt attempt) throws IOException, InterruptedException {
        long deadline = 0;
        for (long wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
            try {
                attempt.run();
                return;
            } catch (FencedException e) {
                // The task may be cancelled already, and then nobody would say it.
                LOG.warn("Refused to {}: {}", what, e.getMessage());
                throw e;
            } catch (StoreAwayException e) {
                long now = System.nanoTime();
                deadline = deadline == 0 ? now + total.toNanos() : deadline;
                if (now - deadline >= 0) {
                    throw new IOException("Could not " + what + " for " + total + ": " + e.getMessage(), e.getCause());
                }
                LOG.warn("Could not {}, trying again in {} ms: {}", what, wait, e.getMessage());
                Pause.of(Duration.ofMillis(wait));
            }
        }
    }

    /** One attempt. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Does all of it, or what it did can be done again.
         *
         * @throws StoreAwayException if it may succeed later
         * @throws IOException if it cannot succeed
         */
        void run() throws StoreAwayException, IOException;
    }

    /** The store does not answer, or not now. */
    static final class StoreAwayException extends Exception {
        private static final long serialVersionUID = 1L;

        StoreAwayException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }
}
