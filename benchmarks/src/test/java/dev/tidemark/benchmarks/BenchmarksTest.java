package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every benchmark runs and says what it should, on hardly any events. */
final class BenchmarksTest {
    /** So many that those of a watermark fall into few minutes, of which SQL keeps each. */
    private static final Workload DENSE = new Workload(500_000, 20);

    /** All of its events go before JMH begins. */
    private static final Workload THIN = new Workload(500, 20);

    static List<String> names() {
        return List.copyOf(BenchmarkMain.benchmarks().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void measures(String name) throws Exception {
        Map<String, Benchmark> benchmarks = new LinkedHashMap<>(BenchmarkMain.benchmarks());
        benchmarks.put("engine-core", new EngineCore(0));
        ByteArrayOutputStream figures = new ByteArrayOutputStream();

        Workload workload = name.equals("engine-core") ? THIN : DENSE;
        Settings brief = new Settings(Duration.ofMillis(300), 1, Duration.ZERO, workload);

        List<Target> targets = benchmarks.get(name).run(brief, new PrintStream(figures, true, StandardCharsets.UTF_8));

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
        Rate rate = new Rate(300, 2, Duration.ofMinutes(90), Duration.ofDays(3), false);

        assertThat(rate.perSecond()).isEqualTo(150);
        assertThat(rate)
                .hasToString("150 events/s (300 events in 2.0 s, from 1.50 h to 3.0 d of event time, while the windows"
                        + " filled)");
    }
}
