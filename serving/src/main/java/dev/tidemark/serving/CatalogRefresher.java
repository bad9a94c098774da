package dev.tidemark.serving;

import dev.tidemark.defs.Definitions;
import dev.tidemark.stores.PostgresException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the definitions: what is applied is served a moment later, and what was loaded is served while the registry is away. */
final class CatalogRefresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogRefresher.class);
    /** Short enough that a takeover is served within a second, reading the definitions included. */
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** Long enough for reading many definitions on a busy machine, and for a registry that is started anew. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Supplier<Definitions> source;
    private final Silence silence;
    private final ScheduledExecutorService thread = Daemons.timer("definitions-refresh");
    private @Nullable Definitions loaded;
    private volatile @Nullable Catalog catalog;
    private volatile boolean unreadable;
    private boolean reported; // That the definitions cannot be loaded.

    private CatalogRefresher(Supplier<Definitions> source, LongSupplier nanos) {
        this.source = source;
        this.silence = new Silence(LONGEST_SILENCE, nanos);
    }

    /**
     * Loads the definitions and goes on to follow them; returns even if they cannot be loaded yet.
     *
     * @param nanos as {@link System#nanoTime}
     */
    static CatalogRefresher start(Supplier<Definitions> source, LongSupplier nanos) {
        CatalogRefresher refresher = new CatalogRefresher(source, nanos);
        refresher.refresh();
        refresher.thread.scheduleWithFixedDelay(
                refresher::refresh, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return refresher;
    }

    /** What can be asked for; empty while nothing was loaded yet. */
    Optional<Catalog> catalog() {
        return Optional.ofNullable(catalog);
    }

    /** What is known of the registry. */
    RegistryState registry() {
        if (!silence.isLong()) {
            return RegistryState.ANSWERS;
        }
        return unreadable ? RegistryState.UNREADABLE : RegistryState.SILENT;
    }

    /** How the registry does. One attempt that fails does not count; {@link #LONGEST_SILENCE} without one that succeeds does. */
    enum RegistryState {
        ANSWERS("answers"),
        SILENT("does not answer"),
        /** Another release applied them, or the registry is damaged. */
        UNREADABLE("answers, but has definitions that this server cannot read");

        private final String text;

        RegistryState(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void refresh() {
        silence.asked();
        try {
            Definitions definitions = source.get();
            if (definitions != loaded) {
                Catalog before = catalog;
                catalog = before == null ? new Catalog(definitions) : before.with(definitions);
                loaded = definitions;
                LOG.info(
                        "Serving {} feature views and {} feature services.",
                        definitions.views().size(),
                        definitions.services().size());
            }
            silence.answered();
            unreadable = false;
            reported = false;
        } catch (Throwable e) {
            // What got out, be it an error such as a full heap, would end the refreshing.
            unreadable = !(e instanceof PostgresException);
            if (!reported && !thread.isShutdown()) {
                report(e);
            }
            reported = true;
        }
    }

    /** Said once, not at every attempt; a store's message says all there is to know of its trouble. */
    private static void report(Throwable e) {
        String message = "Could not load the definitions; trying again until it works. {}";
        if (e instanceof PostgresException) {
            LOG.warn(message, e.getMessage());
        } else {
            LOG.warn(message, e.getMessage(), e);
        }
    }
}
