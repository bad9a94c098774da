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
 */
public record Schedule(long seed, boolean settles, boolean advances, boolean recodes) {
    /** Any schedule. */
    public static Arbitrary<Schedule> any() {
        Arbitrary<Boolean> mostly = Arbitraries.of(true, true, true, false);
        return Combinators.combine(Arbitraries.longs(), mostly, mostly, mostly)
                .as(Schedule::new)
                .withoutEdgeCases();
    }
}
