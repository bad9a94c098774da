package dev.tidemark.engine.oracle;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * How an {@link EngineRun} brings a log to the engine.
 *
 * @param seed of all that is left to chance: the order in which partitions are read, and when what is done
 * @param settles whether rows are settled before the end of the log, at instants the log allows
 * @param advances whether the clock moves provisional rows on
 * @param recodes whether states are encoded and decoded again
 * @param idles whether partitions are taken for idle now and then, so that rows are settled without waiting for their events
 */
public record Schedule(long seed, boolean settles, boolean advances, boolean recodes, boolean idles) {
    /** A schedule in which no partition is taken for idle before its end. */
    public Schedule(long seed, boolean settles, boolean advances, boolean recodes) {
        this(seed, settles, advances, recodes, false);
    }

    /** Any schedule. */
    public static Arbitrary<Schedule> any() {
        Arbitrary<Boolean> mostly = Arbitraries.of(true, true, true, false);
        return Combinators.combine(Arbitraries.longs(), mostly, mostly, mostly)
                .as((seed, settles, advances, recodes) -> new Schedule(seed, settles, advances, recodes))
                .withoutEdgeCases();
    }

    /** Any schedule in which rows are settled too early for some events. */
    public static Arbitrary<Schedule> withIdlePartitions() {
        return any().map(
                        schedule -> new Schedule(schedule.seed(), true, schedule.advances(), schedule.recodes(), true));
    }
}
