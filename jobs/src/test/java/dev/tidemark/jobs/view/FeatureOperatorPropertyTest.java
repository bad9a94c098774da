package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.BroadScenarios;
import dev.tidemark.engine.oracle.Lateness;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Random histories through the operator itself, with crashes and other parallelisms in between: the settled rows are the
 * oracle's, and the same bytes however the log was read.
 */
class FeatureOperatorPropertyTest {
    private static final int ENTITIES = 3;
    private static final Duration BUNDLE = Duration.ofDays(365);

    @Provide
    Arbitrary<Scenario> everything() {
        return BroadScenarios.ofEvents(40);
    }

    /** Many events with little lateness, in milliseconds or in weeks: rows can be corrected, or their entities are forgotten. */
    @Provide
    Arbitrary<Scenario> punctual() {
        return Scenarios.ofEvents(150)
                .filter(scenario -> scenario.log().size() > 60
                        && scenario.view().source().allowedLateness().toMillis() < 10);
    }

    @Provide
    Arbitrary<Scenario> anything() {
        return Scenarios.ofEvents(40);
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everyAggregateSurvivesCrashesAndRescaling(@ForAll("everything") Scenario scenario, @ForAll long seed)
            throws Exception {
        rowsAreTheOracles(scenario, seed);
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void anyViewSurvivesCrashesAndRescaling(@ForAll("anything") Scenario scenario, @ForAll long seed) throws Exception {
        rowsAreTheOracles(scenario, seed);
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void correctionsSurviveCrashesAndRescaling(@ForAll("punctual") Scenario scenario, @ForAll long seed)
            throws Exception {
        OperatorRun run = OperatorRun.playWithIdlePartitions(scenario.view(), scenario.log(), seed, 2, 3, 1);
        Statistics.collect(
                run.corrections() > 0 ? "corrected" : "in time",
                run.refused().isEmpty() ? "all taken" : "some refused");
        Statistics.coverage(coverage -> {
            coverage.checkQuery(labels -> labels.contains("corrected")).percentage(share -> share > 20);
            coverage.checkQuery(labels -> labels.contains("some refused")).percentage(share -> share > 5);
        });
        List<LogEvent> taken = new ArrayList<>(Lateness.judge(
                        scenario.log(),
                        scenario.view().source().allowedLateness().toMillis())
                .onTime());
        taken.removeAll(run.refused());
        Oracle oracle = Oracle.ofAccepted(scenario.view(), taken);
        assertThat(run.history()).as("without %s", run.refused()).isEqualTo(texts(oracle));
        assertThat(newest(run.online())).isEqualTo(newest(oracle));
    }

    private static void rowsAreTheOracles(Scenario scenario, long seed) throws Exception {
        List<LogEvent> log = ofMoreEntities(scenario.log());
        Oracle oracle = Oracle.of(scenario.view(), log);

        OperatorRun rescaled = OperatorRun.play(scenario.view(), log, seed, 1, 2, 3, 2);
        assertThat(rescaled.history()).isEqualTo(texts(oracle));
        assertThat(newest(rescaled.online())).isEqualTo(newest(oracle));

        OperatorRun interleavedOtherwise = OperatorRun.play(scenario.view(), log, ~seed, 2, 1);
        assertThat(interleavedOtherwise.bytes()).isEqualTo(rescaled.bytes());

        OperatorRun bundled = OperatorRun.play(scenario.view(), log, seed + 1, BUNDLE, 3, 1, 2);
        assertThat(bundled.bytes()).isEqualTo(rescaled.bytes());
        assertThat(newest(bundled.online())).isEqualTo(newest(oracle));
    }

    /** Each user becomes several, so that every parallel instance has some. */
    static List<LogEvent> ofMoreEntities(List<LogEvent> log) {
        List<LogEvent> result = new ArrayList<>();
        for (LogEvent event : log) {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>(event.columns());
            columns.computeIfPresent("user", (name, user) -> user + "" + event.offset() % ENTITIES);
            result.add(new LogEvent(event.partition(), event.offset(), event.time(), columns));
        }
        return result;
    }

    private static SortedMap<String, List<String>> texts(Oracle oracle) {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        oracle.history().forEach((key, rows) -> texts.put(key, FeatureHarness.texts(rows)));
        return texts;
    }

    private static SortedMap<String, String> newest(Oracle oracle) {
        SortedMap<String, String> texts = new TreeMap<>();
        oracle.history().forEach((key, rows) -> texts.put(key, text(rows.get(rows.size() - 1))));
        return texts;
    }

    private static SortedMap<String, String> newest(Map<String, FeatureRow> rows) {
        SortedMap<String, String> texts = new TreeMap<>();
        rows.forEach((key, row) -> texts.put(key, text(row)));
        return texts;
    }

    private static String text(FeatureRow row) {
        return FeatureHarness.texts(List.of(row)).get(0);
    }
}
