package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.view.OnlineLoss;
import dev.tidemark.stores.MarkLook;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStoreException;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mark that says whether the rows beside it are whole, and how often it was looked at. What it says instead of "whole" is told apart
 * from what it said before any other loss: whoever finds its own word still there knows that nothing was lost since it was written.
 */
final class MarkProbe implements OnlineLoss.Probe {
    private static final Logger LOG = LoggerFactory.getLogger(MarkProbe.class);
    private static final String WHOLE = "whole";

    private final OnlineStore store;
    private final String name;
    private final EvictionAlarm eviction;
    private long count;
    private String says;
    private String next; // What it is to say after the next look, if all is well until then.

    /** @param store is closed with it */
    MarkProbe(OnlineStore store, String name, OnlineLoss.Before before) {
        this(store, name, before, LOG::warn);
    }

    /**
     * As {@link #MarkProbe(OnlineStore, String, OnlineLoss.Before)}.
     *
     * @param warning takes what an operator should know of the store
     */
    MarkProbe(OnlineStore store, String name, OnlineLoss.Before before, Consumer<String> warning) {
        this.store = store;
        this.name = name;
        this.eviction = new EvictionAlarm(store, warning);
        this.count = before.count();
        this.says = before.whole() ? WHOLE : torn();
        this.next = says;
    }

    private static String torn() {
        return "torn-" + UUID.randomUUID();
    }

    @Override
    public boolean happened() {
        String otherwise = torn();
        long number;
        try {
            eviction.look();
            // One step: if its answer is lost, the next look finds a word that is not this probe's, or nothing has
            // happened.
            number = store.mark(new MarkLook(name, says, count, next, otherwise));
        } catch (OnlineStoreException e) {
            LOG.debug("Redis does not answer.", e);
            return false;
        }
        if (number > 0) {
            count = number;
            says = next;
            return false;
        }
        says = otherwise;
        next = otherwise;
        return true;
    }

    @Override
    public void mended() {
        next = WHOLE;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void close() {
        store.close();
    }
}
