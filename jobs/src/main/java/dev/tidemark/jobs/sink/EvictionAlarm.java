package dev.tidemark.jobs.sink;

import dev.tidemark.stores.OnlineStore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Warns when the online store may drop rows by itself: nobody notices those, as the mark beside them stays. */
final class EvictionAlarm {
    /** How many looks lie from one question to the next; the policy of a server rarely changes. */
    private static final int INTERVAL = 60;

    private final OnlineStore store;
    private final Consumer<String> warning;
    private int looks;
    private @Nullable String known;

    EvictionAlarm(OnlineStore store, Consumer<String> warning) {
        this.store = store;
        this.warning = warning;
    }

    /**
     * Asks at first and now and then, and warns once of each policy.
     *
     * @throws dev.tidemark.stores.OnlineStoreException if the store does not answer; the next look asks again
     */
    void look() {
        if (looks == 0) {
            String policy = store.evictionPolicy();
            if (policy != null && !policy.equals(known)) {
                warning.accept("Redis has the maxmemory-policy " + policy
                        + ": when its memory is full it drops rows, and nobody notices. Set it to noeviction, and give Redis"
                        + " the memory that its rows need; rebuild-online writes those again that are gone.");
            }
            known = policy;
        }
        looks = (looks + 1) % INTERVAL;
    }
}
