package dev.tidemark.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link EngineCoreBenchmark} and sets its cost against 250 ns an event.
 *
 * @param forks how many processes measure; 0 for this one
 */
record EngineCore(int forks) implements Benchmark {
    private static final double WANTED_NANOS = 250;
    private static final int ITERATIONS = 5;
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);
    private static final long MOST_PRELOAD = 1_000_000;

    @Override
    public List<Target> run(Settings settings, PrintStream figures) throws Exception {
        figures.println(
                "10 aggregates over 5 windows (5 m, 1 h, 6 h, 24 h, 7 d), one entity of many at a time, without Flink");
        Collection<RunResult> results = new Runner(options(settings)).run();
        List<Target> targets = new ArrayList<>();
        for (RunResult result : results) {
            boolean encoded = result.getPrimaryResult().getLabel().equals("encoded");
            figures.printf(
                    "  %s: %s%n",
                    encoded ? "with decoding and encoding, as in the job" : "in memory",
                    text(result, settings.workload()));
            if (encoded) {
                double nanos = result.getPrimaryResult().getScore();
                targets.add(new Target("engine-core", WANTED_NANOS / nanos, "1"));
            }
        }
        return targets;
    }

    private static String text(RunResult result, Workload workload) {
        Statistics nanos = result.getPrimaryResult().getStatistics();
        return String.format(
                Locale.ROOT,
                "%,.0f ns (%,.0f to %,.0f) and %,.0f bytes allocated an event, until %.1f h of event time",
                nanos.getMean(),
                nanos.getMin(),
                nanos.getMax(),
                secondary(result, "gc.alloc.rate.norm"),
                workload.span((long) secondary(result, "events")).toMinutes() / 60.0);
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? Double.NaN : found.getStatistics().getMax();
    }

    private Options options(Settings settings) {
        Workload workload = settings.workload();
        long preload = Math.min(MOST_PRELOAD, workload.count(LONGEST_WINDOW));
        return new OptionsBuilder()
                .include(EngineCoreBenchmark.class.getName())
                .param("eventsADay", Long.toString(workload.events()))
                .param("keys", Integer.toString(workload.keys()))
                .param("preload", Long.toString(preload))
                .forks(forks)
                .warmupIterations(settings.warmUp().isZero() ? 0 : ITERATIONS)
                .warmupTime(iteration(settings.warmUp().multipliedBy(2)))
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration(settings.length()))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xmx4g")
                .build();
    }

    private static TimeValue iteration(Duration all) {
        return TimeValue.milliseconds(Math.max(1, all.dividedBy(ITERATIONS).toMillis()));
    }
}
