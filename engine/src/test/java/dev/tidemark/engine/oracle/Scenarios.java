package dev.tidemark.engine.oracle;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Views and logs that are hard on an engine. */
public final class Scenarios {
    private static final Long[] UNITS = {1L, 7L, 1_000L, 60_000L, 3_600_000L, 86_400_000L};

    private Scenarios() {}

    /** A view of one to five features, and a log of one to {@code mostEvents} events in one to four partitions. */
    public static Arbitrary<Scenario> ofEvents(int mostEvents) {
        return Arbitraries.of(UNITS).flatMap(unit -> ofEvents(mostEvents, unit)).withoutEdgeCases();
    }

    /** Scenarios whose windows and gaps are counted in one unit. */
    public static Arbitrary<Scenario> ofEvents(int mostEvents, long unit) {
        return latenesses(unit)
                .flatMap(lateness -> Combinators.combine(
                                RandomViews.views(unit, lateness), RandomLogs.logs(unit, lateness, mostEvents))
                        .as((view, log) -> new Scenario(unit, view, log)))
                .withoutEdgeCases();
    }

    private static Arbitrary<Long> latenesses(long unit) {
        return Arbitraries.of(0L, 1L, 5 * unit, 40 * unit);
    }
}
