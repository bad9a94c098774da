package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Window;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/**
 * A log and a window over it, for any aggregate.
 *
 * @param unit the milliseconds in which windows and gaps between events are counted
 * @param lateness that is allowed, milliseconds
 */
public record WindowedLog(long unit, long lateness, Window window, List<LogEvent> log) {
    private static final Long[] UNITS = {1L, 1_000L, 60_000L, 3_600_000L};
    private static final long DAY_UNIT = 3_600_000;

    /** A window of a kind, and a log of one to {@code mostEvents} events in one to four partitions. */
    public static Arbitrary<WindowedLog> of(WindowKind kind, int mostEvents) {
        Arbitrary<Long> units = kind == WindowKind.CIVIL ? Arbitraries.just(DAY_UNIT) : Arbitraries.of(UNITS);
        return units.flatMap(unit -> Arbitraries.of(0L, 5 * unit).flatMap(lateness -> Combinators.combine(
                                kind.windows(unit), RandomLogs.logs(unit, lateness, mostEvents))
                        .as((window, log) -> new WindowedLog(unit, lateness, window, log))))
                .withoutEdgeCases();
    }

    /**
     * A view of one feature, and the log.
     *
     * @param column what is aggregated; null for events
     */
    public Scenario with(Aggregate aggregate, @Nullable String column) {
        return new Scenario(
                unit,
                new ViewBuilder()
                        .lateness(lateness)
                        .feature(aggregate, column, window)
                        .build(),
                log);
    }
}
