package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.stores.StoreBenchmarks;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command behind {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        description =
                "Measures Tidemark against its peers; docs/performance.md says what is compared. Prints the figures and, last, a"
                        + " line 'NAME ratio=X target=Y' for each target; higher is better.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchmarkMain implements Callable<Integer> {
    private static final int WARM_UP_SHARE = 4;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            description = "One or more of: ${COMPLETION-CANDIDATES}; or all.",
            completionCandidates = Names.class)
    private List<String> names = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description =
                    "After how long a run is ended and rated by what it did; before that, its windows have as long to fill."
                            + " Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--pairs",
            defaultValue = "3",
            description = "How many times the two peers run in turn. Default: ${DEFAULT-VALUE}.")
    private int pairs;

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "How many events a day of event time has; engine-reach takes a hundredth,"
                    + " engine-hot-keys a thousand times as many. Default:"
                    + " ${DEFAULT-VALUE}.")
    private long events;

    @Option(
            names = "--keys",
            defaultValue = "10000",
            description = "How many keys they have. Default: ${DEFAULT-VALUE}.")
    private int keys;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    /** All benchmarks by name. */
    static Map<String, Benchmark> benchmarks() {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("engine-core", new EngineCore(1));
        all.put("engine-vs-sliding", FlinkBenchmarks.sliding());
        all.put("engine-vs-hop", FlinkBenchmarks.hop());
        all.put("engine-vs-over", FlinkBenchmarks.over());
        all.put("engine-vs-roundtrip", FlinkBenchmarks.roundTrip());
        all.put("engine-breadth", FlinkBenchmarks.breadth());
        all.put("engine-reach", FlinkBenchmarks.reach());
        all.put("engine-hot-keys", FlinkBenchmarks.hotKeys());
        all.put("checkpoint", FlinkBenchmarks.checkpoints());
        all.put("history-write", StoreBenchmarks.historyWrite());
        all.put("online-write", StoreBenchmarks.onlineWrite());
        all.put("pipeline", StoreBenchmarks.pipeline());
        all.put("backfill", StoreBenchmarks.backfill());
        all.put("freshness", StoreBenchmarks.freshness());
        return all;
    }

    /** Runs what the command line names, and ends the process. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchmarkMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        check(seconds, "--seconds");
        check(pairs, "--pairs");
        check(events, "--events");
        check(keys, "--keys");
        Map<String, Benchmark> known = benchmarks();
        List<String> chosen = names.equals(List.of("all")) ? List.copyOf(known.keySet()) : names;
        for (String name : chosen) {
            if (!known.containsKey(name)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "There is no benchmark " + name + ". There are " + String.join(", ", known.keySet())
                                + ", or all of them: all.");
            }
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Duration length = Duration.ofSeconds(seconds);
        Settings settings = new Settings(length, pairs, length.dividedBy(WARM_UP_SHARE), new Workload(events, keys));
        out.printf(
                "%d processors, Java %s; %,d events a day, %,d keys%n",
                Runtime.getRuntime().availableProcessors(), Runtime.version(), events, keys);
        for (String name : chosen) {
            known.getOrDefault(name, (s, f) -> List.of()).run(settings, out).forEach(out::println);
        }
        return 0;
    }

    private void check(long value, String option) {
        if (value < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + " must be 1 or more, not " + value + ".");
        }
    }

    private static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return benchmarks().keySet().iterator();
        }
    }
}
