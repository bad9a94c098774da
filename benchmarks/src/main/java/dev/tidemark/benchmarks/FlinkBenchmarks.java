package dev.tidemark.benchmarks;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The comparisons that run in Flink. */
final class FlinkBenchmarks {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<Duration> THREE_WINDOWS = List.of(Duration.ofMinutes(5), HOUR, DAY);
    private static final List<Duration> SIX_WINDOWS = List.of(
            Duration.ofMinutes(5), Duration.ofMinutes(15), HOUR, Duration.ofHours(6), Duration.ofHours(12), DAY);

    private FlinkBenchmarks() {}

    static Benchmark sliding() {
        return all(sliding(HOUR, "1 h", "30"), sliding(DAY, "24 h", "1000"));
    }

    static Benchmark roundTrip() {
        return all(new Comparison(
                "engine-vs-roundtrip",
                "Five aggregates over 5 m, 1 h and 24 h against a bare round trip to the state",
                new TidemarkJob("Tidemark", fiveAggregates(THREE_WINDOWS)),
                new RoundTripJob(),
                "0.5"));
    }

    static Benchmark breadth() {
        FeatureView wide = Views.of(SIX_WINDOWS, Views.FIVE, List.of(Views.AMOUNT, Views.QUANTITY));
        FeatureView narrow = Views.of(List.of(HOUR), List.of(Aggregate.Plain.SUM), List.of(Views.AMOUNT));
        return all(new Comparison(
                "engine-breadth",
                "60 features (6 windows up to 24 h, 5 aggregates of 2 columns) against 1 (a sum over 1 h)",
                new TidemarkJob("60 features", wide),
                new TidemarkJob("1 feature", narrow),
                "0.5"));
    }

    static Benchmark reach() {
        return all(new Comparison(
                "engine-reach",
                "Five aggregates over 90 d against the same over 1 h",
                new TidemarkJob("90 d", fiveAggregates(List.of(Duration.ofDays(90)))),
                new TidemarkJob("1 h", fiveAggregates(List.of(HOUR))),
                "0.77"));
    }

    private static Comparison sliding(Duration length, String name, String target) {
        return new Comparison(
                "engine-vs-sliding",
                "Five aggregates over " + name + " that move every minute",
                new TidemarkJob("Tidemark", fiveAggregates(List.of(length))),
                new SlidingWindowJob(length),
                target);
    }

    private static FeatureView fiveAggregates(List<Duration> windows) {
        return Views.of(windows, Views.FIVE, List.of(Views.AMOUNT));
    }

    private static Benchmark all(Comparison... comparisons) {
        return (settings, figures) -> {
            List<Target> targets = new ArrayList<>();
            for (Comparison comparison : comparisons) {
                targets.add(comparison.run(settings, figures));
            }
            return targets;
        };
    }
}
