package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.view.OnlineLoss;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.RedisOnlineStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a mark in Redis beside the rows of each instance. Where the mark is gone, the rows are gone too. It outlives the job, so that
 * one that starts again knows what happened while nobody looked.
 *
 * @param redisUri for example {@code redis://127.0.0.1:6379}
 */
public record RedisLoss(FeatureView view, String redisUri) implements OnlineLoss {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RedisLoss.class);

    @Override
    public Probe open(int instance) {
        return new Mark(RedisOnlineStore.connect(redisUri), view.id() + " " + instance);
    }

    /** Without the address, in which there may be a password. */
    @Override
    public String toString() {
        return "The loss of the rows of " + view.id();
    }

    private record Mark(RedisOnlineStore store, String name) implements Probe {
        @Override
        public boolean happened() {
            try {
                return store.mark(name);
            } catch (OnlineStoreException e) {
                LOG.debug("Redis does not answer.", e);
                return false;
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
