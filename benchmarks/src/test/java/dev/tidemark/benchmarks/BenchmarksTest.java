package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every benchmark runs and says what it should, on hardly any events. */
final class BenchmarksTest {
    private static final Settings BRIEF = new Settings(1, 1, 0, new Workload(500, 20));

    static List<String> names() {
        return List.copyOf(BenchmarkMain.benchmarks().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void measures(String name) throws Exception {
        Map<String, Benchmark> benchmarks = new LinkedHashMap<>(BenchmarkMain.benchmarks());
        benchmarks.put("engine-core", new EngineCore(0));
        ByteArrayOutputStream figures = new ByteArrayOutputStream();

        List<Target> targets = benchmarks.get(name).run(BRIEF, new PrintStream(figures, true, StandardCharsets.UTF_8));

        assertThat(targets).isNotEmpty().allSatisfy(target -> {
            assertThat(target.ratio()).isPositive().isFinite();
            assertThat(target.toString()).matches(name + " ratio=\\d+\\.\\d\\d target=[0-9.]+");
        });
        assertThat(figures.toString(StandardCharsets.UTF_8)).contains("event");
    }

    @Test
    void refusesWhatIsNotThere() {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new BenchmarkMain()).setErr(new PrintWriter(errors));

        assertThat(command.execute("engine-vs-nothing")).isEqualTo(2);
        assertThat(errors.toString()).contains("no benchmark engine-vs-nothing", "engine-vs-sliding");
        assertThat(command.execute("engine-reach", "--pairs", "0")).isEqualTo(2);
        assertThat(errors.toString()).contains("--pairs must be 1 or more, not 0");
    }

    @Test
    void rates() {
        assertThat(new Rate(300, 2).perSecond()).isEqualTo(150);
    }

    @Test
    void firstKeyGetsItsShare() {
        int[] draws = new Workload(1_000_000, 10_000).drawKeys();

        long first = Arrays.stream(draws).filter(key -> key == 0).count();

        assertThat((double) first / draws.length).isBetween(0.09, 0.11);
    }
}
