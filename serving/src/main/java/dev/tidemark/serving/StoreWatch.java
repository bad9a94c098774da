package dev.tidemark.serving;

import dev.tidemark.stores.OnlineStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again and again whether the online store answers, so that nobody else has to wait for one that hangs to find out. */
final class StoreWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** Short enough that requests which wait for a store that hangs do not take all threads until then. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

    private final OnlineStore store;
    private final Silence silence;
    private final ScheduledExecutorService thread = Daemons.timer("store-watch");
    private boolean reported; // That the store does not answer.

    private StoreWatch(OnlineStore store, LongSupplier nanos) {
        this.store = store;
        this.silence = new Silence(LONGEST_SILENCE, nanos);
    }

    /**
     * Begins to ask; waits for the first answer, but not for long.
     *
     * @param nanos as {@link System#nanoTime}
     */
    static StoreWatch start(OnlineStore store, LongSupplier nanos) {
        StoreWatch watch = new StoreWatch(store, nanos);
        Future<?> first = watch.thread.submit(watch::ask);
        watch.thread.scheduleWithFixedDelay(
                watch::ask, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        try {
            first.get(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("The online store has not answered within {}.", LONGEST_SILENCE);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return watch;
    }

    /** Whether it makes sense to ask the store for anything. */
    boolean answers() {
        return !silence.isLong();
    }

    /** Never throws, not even an error, because that would end the asking. */
    private void ask() {
        silence.asked();
        try {
            store.ping();
            silence.answered();
            reported = false;
        } catch (Throwable e) {
            // Said once, not every time.
            if (!reported && !thread.isShutdown()) {
                LOG.warn("The online store does not answer; asking until it does. {}", e.getMessage());
            }
            reported = true;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
