package dev.tidemark.jobs.view;

import dev.tidemark.engine.ViewPlan;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the operator of a view ends, what it follows, and what it may take.
 *
 * @param wallClockTails whether a provisional row that the wall clock has overtaken is replaced without waiting for an event
 * @param drain whether the end of the input settles every change point that is still to come
 * @param cacheBytes about how much memory the entities may take that one parallel instance keeps at hand; 0 for an equal share of
 *     a quarter of the heap
 * @param publishDelay how long an entity's first unpublished event may wait for others before its row is sent
 * @param corrections how far behind an entity's last settled row an event may be and still be taken in
 * @param holds whether settled rows and refused events wait for the checkpoint that knows of them, without which none leaves
 */
public record ViewOptions(
        boolean wallClockTails,
        boolean drain,
        long cacheBytes,
        Duration publishDelay,
        Duration corrections,
        boolean holds)
        implements Serializable {
    private static final long SHARE_OF_THE_HEAP = 0;
    private static final Duration DEFAULT_PUBLISH_DELAY = Duration.ofMillis(5);

    /** With a cache and a delay that suit most jobs. */
    public ViewOptions(boolean wallClockTails, boolean drain) {
        this(wallClockTails, drain, SHARE_OF_THE_HEAP, DEFAULT_PUBLISH_DELAY);
    }

    /** With the usual corrections. */
    public ViewOptions(boolean wallClockTails, boolean drain, long cacheBytes, Duration publishDelay) {
        this(wallClockTails, drain, cacheBytes, publishDelay, ViewPlan.CORRECTIONS, false);
    }

    /** The same with corrections from further back, or less far. */
    public ViewOptions correcting(Duration reach) {
        return new ViewOptions(wallClockTails, drain, cacheBytes, publishDelay, reach, holds);
    }

    /** The same for a job that takes checkpoints and may find partitions idle. */
    public ViewOptions holding() {
        return new ViewOptions(wallClockTails, drain, cacheBytes, publishDelay, corrections, true);
    }
}
