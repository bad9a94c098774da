package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.FrontierPart;
import dev.tidemark.stores.OnlineStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says in the online store how far one of a view's writers has come. What it says speaks of rows that are in the store; so it
 * notices when the store has lost what it said last, and rows with it.
 */
final class FrontierPublisher {
    private final FeatureView view;
    private final Epoch epoch;
    private final OnlineStore store;
    private final int member;
    private final int writers;

    private LogPosition reached = LogPosition.NONE;
    private @Nullable LogPosition since;
    private @Nullable FrontierPart last;
    private boolean due;

    /**
     * A publisher that has said nothing yet.
     *
     * @param member which of the writers it speaks for, from 0
     * @param writers how many there are
     */
    FrontierPublisher(FeatureView view, Epoch epoch, OnlineStore store, int member, int writers) {
        this.view = view;
        this.epoch = epoch;
        this.store = store;
        this.member = member;
        this.writers = writers;
    }

    /** Takes in how far the events have come whose rows the writer has been given. */
    void reach(LogPosition position) {
        reached = reached.and(position);
        due = true;
    }

    /** Whether there is something to say. */
    boolean isDue() {
        return due;
    }

    /**
     * Says it. All rows that the writer has been given must be in the store.
     *
     * @throws dev.tidemark.stores.OnlineStoreException if the store does not answer; it can be said again
     */
    void publish() {
        LogPosition from = since == null ? begin() : since;
        FrontierPart part = new FrontierPart(epoch.number(), writers, reached, from);
        FrontierPart before = last;
        if (!store.advance(view, member, before, part)) {
            // What stands there is not what stood there: rows of all records up to then may be lost as well.
            from = before == null ? from : from.and(before.reached());
            part = new FrontierPart(epoch.number(), writers, reached, from);
            store.advance(view, member, null, part);
        }
        since = from;
        last = part;
        due = false;
    }

    /** A store in which nobody ever said anything may have lost what was written before this run. */
    private LogPosition begin() {
        Frontier before = store.frontiers(List.of(view)).get(0);
        return before.since() == null ? reached : before.since();
    }
}
