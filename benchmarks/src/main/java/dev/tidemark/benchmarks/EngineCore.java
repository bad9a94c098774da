package dev.tidemark.benchmarks;

import java.io.PrintStream;
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

/**
 * Runs {@link EngineCoreBenchmark} and sets its cost against 250 ns an event.
 *
 * @param forks how many processes measure; 0 for this one
 */
record EngineCore(int forks) implements Benchmark {
    private static final double WANTED_NANOS = 250;
    private static final int ITERATIONS = 5;
    private static final long MOST_PRELOAD = 100_000;

    @Override
    public List<Target> run(Settings settings, PrintStream figures) throws Exception {
        figures.println(
                "10 aggregates over 5 windows (5 m, 1 h, 6 h, 24 h, 7 d), one entity of many at a time, without Flink");
        Collection<RunResult> results = new Runner(options(settings)).run();
        List<Target> targets = new ArrayList<>();
        for (RunResult result : results) {
            double nanos = result.getPrimaryResult().getScore();
            double bytes = allocated(result);
            boolean encoded = result.getPrimaryResult().getLabel().equals("encoded");
            figures.printf(
                    Locale.ROOT,
                    "  %s: %,.0f ns and %,.0f bytes allocated an event%n",
                    encoded ? "with decoding and encoding, as in the job" : "in memory",
                    nanos,
                    bytes);
            if (encoded) {
                targets.add(new Target("engine-core", WANTED_NANOS / nanos, "1"));
            }
        }
        return targets;
    }

    private static double allocated(RunResult result) {
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return bytes == null ? Double.NaN : bytes.getScore();
    }

    private Options options(Settings settings) {
        TimeValue iteration = TimeValue.milliseconds(Math.max(1, settings.seconds() * 1000L / ITERATIONS));
        Workload workload = settings.workload();
        return new OptionsBuilder()
                .include(EngineCoreBenchmark.class.getName())
                .param("eventsADay", Long.toString(workload.events()))
                .param("keys", Integer.toString(workload.keys()))
                .param("preload", Long.toString(Math.min(MOST_PRELOAD, workload.events())))
                .forks(forks)
                .warmupIterations(settings.warmUpSeconds() > 0 ? 1 : 0)
                .warmupTime(TimeValue.seconds(Math.max(1, settings.warmUpSeconds())))
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xmx2g")
                .build();
    }
}
