package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Views that hold every aggregate over every kind of window at once, for tests of which one try takes long. */
public final class BroadScenarios {
    private static final List<String> NUMBERS = List.of("n", "x", "d");
    private static final List<String> ORDERED = List.of("n", "x", "d", "name", "at");
    private static final List<String> SINGLE = List.of("n", "x", "d", "name", "at", "flag", "raw");
    private static final List<String> ALL = List.of("n", "x", "d", "name", "at", "flag", "raw", "words");
    private static final Long[] UNITS = {1L, 1_000L, 60_000L, 3_600_000L};

    private BroadScenarios() {}

    /** A view of every aggregate over a window of each kind, and a log of {@code events} events in up to four partitions. */
    public static Arbitrary<Scenario> ofEvents(int events) {
        return Arbitraries.of(UNITS)
                .flatMap(unit -> Arbitraries.of(0L, 5 * unit).flatMap(lateness -> Combinators.combine(
                                windows(unit), RandomLogs.logs(unit, lateness, events), Arbitraries.longs())
                        .as((windows, log, seed) -> new Scenario(unit, view(windows, lateness, seed), log))))
                .withoutEdgeCases();
    }

    /**
     * A view of every aggregate over each of some windows.
     *
     * @param lateness that is allowed, milliseconds
     * @param seed of the columns that are aggregated
     */
    public static FeatureView view(List<Window> windows, long lateness, long seed) {
        Random random = new Random(seed);
        ViewBuilder view = new ViewBuilder().lateness(lateness);
        aggregates().forEach((aggregate, columns) -> {
            for (Window window : windows) {
                if (!(aggregate instanceof Aggregate.Rate) || !(window instanceof Window.Lifetime)) {
                    view.feature(aggregate, columns.get(random.nextInt(columns.size())), window);
                }
            }
        });
        return view.build();
    }

    private static Arbitrary<List<Window>> windows(long unit) {
        List<Arbitrary<Window>> kinds = new ArrayList<>();
        for (WindowKind kind : WindowKind.values()) {
            kinds.add(kind.windows(unit));
        }
        return Combinators.combine(kinds).as(windows -> windows);
    }

    private static Map<Aggregate, List<String>> aggregates() {
        Map<Aggregate, List<String>> columns = new LinkedHashMap<>();
        for (Plain plain : Plain.values()) {
            columns.put(
                    plain,
                    switch (plain) {
                        case COUNT, FIRST, LAST -> ALL;
                        case MIN, MAX -> ORDERED;
                        case COUNT_DISTINCT, APPROX_COUNT_DISTINCT -> SINGLE;
                        case SUM, AVG, VARIANCE, VARIANCE_SAMPLE, STDDEV, STDDEV_SAMPLE -> NUMBERS;
                    });
        }
        List<Aggregate> ofValues = List.of(
                new Aggregate.FirstN(2), new Aggregate.LastN(2), new Aggregate.TopK(2), new Aggregate.Histogram(2));
        ofValues.forEach(aggregate -> columns.put(aggregate, SINGLE));
        List<Aggregate> ofNumbers = List.of(
                new Aggregate.ApproxPercentile(0.5),
                new Aggregate.Ema(2.0 / 13),
                new Aggregate.DecayedSum(Duration.ofSeconds(7)),
                new Aggregate.DecayedAvg(Duration.ofMillis(3)),
                new Aggregate.Rate(Duration.ofSeconds(7)));
        ofNumbers.forEach(aggregate -> columns.put(aggregate, NUMBERS));
        requireAll(columns.keySet().stream().<Class<?>>map(Object::getClass).toList());
        return columns;
    }

    private static void requireAll(List<Class<?>> kinds) {
        for (Class<?> kind : Arrays.asList(Aggregate.class.getPermittedSubclasses())) {
            if (!kinds.contains(kind)) {
                throw new AssertionError("No view here has the aggregate " + kind.getSimpleName() + ": add it.");
            }
        }
    }
}
