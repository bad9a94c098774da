package dev.tidemark.stores;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a connection over which something takes too long. A socket has a time limit for reads only; a write to a machine that is gone
 * waits until the system gives up, for a quarter of an hour, and cannot be interrupted.
 */
final class Watchdog implements AutoCloseable {
    /** One for all, whose thread goes when it is not needed for a while, as it holds the classes of a job that has ended. */
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Future<?> cut;

    /**
     * Watches until it is closed.
     *
     * @param connection closing it must not wait for what is under way
     */
    Watchdog(Duration limit, Closeable connection) {
        cut = CLOCK.schedule(() -> cut(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void cut(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is of no use any more, and whoever waits for it is told.
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "tidemark-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    @Override
    public void close() {
        cut.cancel(false);
    }
}
