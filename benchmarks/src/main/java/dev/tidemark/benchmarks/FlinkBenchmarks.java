package dev.tidemark.benchmarks;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The comparisons that run in Flink. */
final class FlinkBenchmarks {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<Duration> THREE_WINDOWS = List.of(Duration.ofMinutes(5), HOUR, DAY);
    private static final List<Duration> SIX_WINDOWS = List.of(
            Duration.ofMinutes(5), Duration.ofMinutes(15), HOUR, Duration.ofHours(6), Duration.ofHours(12), DAY);

    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    private static final Duration QUARTER = Duration.ofDays(90);

    /** With a million events a day, ninety days would be ninety million events before anything leaves. */
    private static final int THINNING_FOR_REACH = 100;

    /** Some 12,000 events a second of event time, as when a job is live: the hot key has several in each millisecond. */
    private static final int TIMES_FOR_A_RUSH = 1_000;

    private static final String MOVING = " that move every minute";
    private static final String EXACT = " that end with the event, to the millisecond";

    private FlinkBenchmarks() {}

    static Benchmark sliding() {
        return all(
                against("engine-vs-sliding", MOVING, HOUR, Views.STEP, new SlidingWindowJob(HOUR), "30"),
                against("engine-vs-sliding", MOVING, DAY, Views.STEP, new SlidingWindowJob(DAY), "1000"));
    }

    static Benchmark hop() {
        return all(
                against("engine-vs-hop", MOVING, HOUR, Views.STEP, SqlJob.hop(HOUR), "100"),
                against("engine-vs-hop", MOVING, DAY, Views.STEP, SqlJob.hop(DAY), "300"));
    }

    static Benchmark over() {
        return all(
                against("engine-vs-over", EXACT, HOUR, Views.EXACT, SqlJob.over(HOUR), "30"),
                against("engine-vs-over", EXACT, DAY, Views.EXACT, SqlJob.over(DAY), "40"));
    }

    static Benchmark roundTrip() {
        FeatureView view = fiveAggregates(THREE_WINDOWS, Views.STEP);
        return all(new Comparison(
                "engine-vs-roundtrip",
                "Five aggregates over 5 m, 1 h and 24 h against a bare round trip to the state",
                DAY,
                UnaryOperator.identity(),
                new TidemarkJob("Tidemark", view),
                new RoundTripJob(view),
                "0.5"));
    }

    static Benchmark breadth() {
        FeatureView wide = Views.of(SIX_WINDOWS, Views.STEP, Views.FIVE, List.of(Views.AMOUNT, Views.QUANTITY));
        FeatureView narrow = Views.of(List.of(HOUR), Views.STEP, List.of(Aggregate.Plain.SUM), List.of(Views.AMOUNT));
        return all(new Comparison(
                "engine-breadth",
                "60 features (6 windows up to 24 h, 5 aggregates of 2 columns) against 1 (a sum over 1 h)",
                DAY,
                UnaryOperator.identity(),
                new TidemarkJob("60 features", wide),
                new TidemarkJob("1 feature", narrow),
                "0.5"));
    }

    static Benchmark reach() {
        return all(new Comparison(
                "engine-reach",
                "Five aggregates over 90 d against the same over 1 h",
                QUARTER,
                workload -> workload.thinned(THINNING_FOR_REACH),
                new TidemarkJob("90 d", fiveAggregates(List.of(QUARTER), Views.STEP)),
                new TidemarkJob("1 h", fiveAggregates(List.of(HOUR), Views.STEP)),
                "0.77"));
    }

    static Benchmark checkpoints() {
        TidemarkJob job = new TidemarkJob("Tidemark", fiveAggregates(THREE_WINDOWS, Views.STEP));
        return all(new Comparison(
                "checkpoint",
                "Five aggregates over 5 m, 1 h and 24 h with incremental checkpoints against the same without",
                DAY,
                UnaryOperator.identity(),
                new Checkpointed(job, CHECKPOINTS),
                job,
                "0.85"));
    }

    static Benchmark hotKeys() {
        List<Duration> windows = List.of(Duration.ofMinutes(1), Duration.ofMinutes(5));
        FeatureView view = fiveAggregates(windows, Duration.ofSeconds(10));
        return all(new Comparison(
                "engine-hot-keys",
                "Bundles of 5 ms against none, with half of the events on one key, keys on two threads",
                windows.get(1),
                workload -> workload.rush(TIMES_FOR_A_RUSH, 0.5),
                new TidemarkJob("bundles", view, Duration.ofMillis(5), 2),
                new TidemarkJob("no bundles", view, Duration.ZERO, 2),
                "1.1"));
    }

    private static Comparison against(
            String benchmark, String manner, Duration length, Duration step, Contender other, String target) {
        return new Comparison(
                benchmark,
                "Five aggregates over " + length.toHours() + " h" + manner,
                length,
                UnaryOperator.identity(),
                new TidemarkJob("Tidemark", fiveAggregates(List.of(length), step)),
                other,
                target);
    }

    private static FeatureView fiveAggregates(List<Duration> windows, Duration step) {
        return Views.of(windows, step, Views.FIVE, List.of(Views.AMOUNT));
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
