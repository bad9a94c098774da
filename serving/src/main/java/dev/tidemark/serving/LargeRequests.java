package dev.tidemark.serving;

import java.util.concurrent.Semaphore;

/**
 * Bounds what the large requests under way take in memory together. Small ones are not counted: as many as there can be take less than
 * the large ones may, and they must not wait for these.
 */
final class LargeRequests {
    /** What counts as small, as {@link OnlineQuery#size} measures it. */
    static final int SMALL = 10_000;

    private static final int ALL = 4 * OnlineQuery.MAX_VALUES;

    private final Semaphore left = new Semaphore(ALL);

    /**
     * Makes room for a request.
     *
     * @return to run once, when the request is answered
     * @throws ApiException if there is none
     */
    Runnable begin(long size) {
        if (size <= SMALL) {
            return () -> {};
        }
        int taken = (int) Math.min(size, ALL);
        if (!left.tryAcquire(taken)) {
            throw ApiException.unavailable(
                    "Other large requests take all memory that there is for them. Try again in a moment, or send smaller ones.");
        }
        return () -> left.release(taken);
    }
}
