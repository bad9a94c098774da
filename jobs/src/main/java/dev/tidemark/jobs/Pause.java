package dev.tidemark.jobs;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The wait from one look to the next, at a server that tells nobody when something changes. */
public final class Pause {
    private Pause() {}

    /** @throws InterruptedException if the thread is interrupted, before or meanwhile */
    public static void of(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
