package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.view.OnlineLoss;
import dev.tidemark.stores.RedisOnlineStore;

/**
 * Leaves a mark in Redis beside the rows of each instance. Where the mark is gone, the rows are gone too; where it is older, so are
 * they. It outlives the job, so that one that starts again knows what happened while nobody looked.
 *
 * @param redisUri for example {@code redis://127.0.0.1:6379}
 */
public record RedisLoss(FeatureView view, String redisUri) implements OnlineLoss {
    private static final long serialVersionUID = 1L;

    @Override
    public Probe open(int instance, Before before) {
        return new MarkProbe(RedisOnlineStore.connect(redisUri), view.id() + " " + instance, before);
    }

    /** Without the address, in which there may be a password. */
    @Override
    public String toString() {
        return "The loss of the rows of " + view.id();
    }
}
