package dev.tidemark.jobs.view;

import dev.tidemark.engine.FeatureRow;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Wakes entities: in event time at the next change point that is to be settled and when they can be forgotten, and, while the job follows the
 * wall clock, at the instant at which the provisional row runs out.
 */
final class EntityTimers {
    /** Rows that ran out long ago, as they do when a job catches up, are replaced no more often than this. */
    private static final long SHORTEST_WALL_WAIT = 500;

    private final InternalTimerService<VoidNamespace> timers;
    private final boolean wallClockTails;

    /** @param timers of the operator, whose current key is that of the entity in every call */
    EntityTimers(InternalTimerService<VoidNamespace> timers, boolean wallClockTails) {
        this.timers = timers;
        this.wallClockTails = wallClockTails;
    }

    /** Sees to it that an entity, as it is now, is woken in time. */
    void set(KeyedCell cell) {
        long next = cell.entity().nextSettlement();
        if (timers.currentWatermark() < Long.MAX_VALUE) {
            next = Math.min(next, cell.entity().forgetAt());
        }
        if (next != FeatureRow.NEVER && cell.needsEventTimer(next - 1)) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, next - 1);
        }
        if (wallClockTails) {
            awaitWallClock(cell);
        }
    }

    /** A timer that fires too early costs one look at the row; only one that would fire too late has to be moved. */
    private void awaitWallClock(KeyedCell cell) {
        long validUntil = cell.entity().current().validUntil();
        if (validUntil == FeatureRow.NEVER) {
            return;
        }
        long instant = Math.max(validUntil, timers.currentProcessingTime() + SHORTEST_WALL_WAIT);
        if (instant < cell.wallTimer()) {
            forgetWallClock(cell);
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, instant);
            cell.wallTimer(instant);
        }
    }

    /** The row of an entity need not be replaced when it runs out. */
    void forgetWallClock(KeyedCell cell) {
        if (cell.wallTimer() != KeyedCell.NO_TIMER) {
            timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, cell.wallTimer());
        }
    }
}
