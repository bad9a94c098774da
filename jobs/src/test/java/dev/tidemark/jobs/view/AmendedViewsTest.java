package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.oracle.GoldenFile;
import dev.tidemark.engine.oracle.GoldenViews;
import dev.tidemark.engine.oracle.Lateness;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import dev.tidemark.engine.oracle.ViewBuilder;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.RowUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * Features come and go from savepoint to savepoint, while the number of instances changes: those that stay are the oracle's at every
 * instant, those that are new have no value until their windows are covered, and are the oracle's from then on.
 */
class AmendedViewsTest {
    private static final FeatureView ALL = view(
            """
            { name: n_sum, aggregate: sum, column: n, windows: [10s, 30s] }
            { name: n_avg, aggregate: avg, column: n, windows: [30s] }
            { name: x_max, aggregate: max, column: x, windows: [ { length: 20s, step: 1s, offset: 5s } ] }
            { name: events, aggregate: count, windows: [ 20s, { tumbling: 15s } ] }
            { name: flagged, aggregate: count, windows: [20s], where: flag }
            { name: double_n, aggregate: last, column: twice, windows: [40s] }
            { name: names, aggregate: count_distinct, column: name, windows: [30s] }
            { name: least, aggregate: min, column: n }
            { name: before, aggregate: last, column: previous, windows: [20s] }
            """);

    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.ofEvents(60, 1_000L);
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void featuresComeAndGoWhileTheJobIsRescaled(@ForAll("scenarios") Scenario scenario, @ForAll long seed)
            throws Exception {
        List<LogEvent> log = FeatureOperatorPropertyTest.ofMoreEntities(scenario.log());
        Random random = new Random(seed);
        List<FeatureView> views = List.of(someOfAll(random), someOfAll(random));
        OperatorRun run = OperatorRun.playAmended(views, log, seed, 2, 3);

        List<LogEvent> taken = new ArrayList<>(
                Lateness.judge(log, ALL.source().allowedLateness().toMillis()).onTime());
        taken.removeAll(run.refused());
        Lineage lineage = Lineage.of(
                List.of(new Lineage.Earlier(
                        views.get(0), run.amendedAt().settled(), run.amendedAt().newestEvent())),
                views.get(1));
        Map<String, Long> warming = lineage.plan().warming();
        Oracle oracle = Oracle.ofAccepted(views.get(1), taken);
        assertThat(run.settled().keySet()).isEqualTo(oracle.keys());
        oracle.history()
                .forEach((key, rows) ->
                        rows.forEach(row -> check(row, run.settled().get(key), warming, views.get(1))));
        Statistics.coverage(coverage -> {
            coverage.check("kept").percentage(share -> share > 5);
            coverage.check("written before").percentage(share -> share > 2);
            coverage.check("warming").percentage(share -> share > 2);
            coverage.check("covered").percentage(share -> share > 0.5);
        });
    }

    private static void check(
            FeatureRow expected,
            SortedMap<Long, OperatorRun.Settled> rows,
            Map<String, Long> warming,
            FeatureView view) {
        SortedMap<Long, OperatorRun.Settled> until = rows.headMap(expected.validFrom() + 1);
        assertThat(until).as("rows until %s", expected.validFrom()).isNotEmpty();
        OperatorRun.Settled settled = until.get(until.lastKey());
        for (int i = 0; i < view.features().size(); i++) {
            Feature feature = view.features().get(i);
            int index = settled.view().features().indexOf(feature);
            Long covered = warming.get(feature.name());
            boolean hidden = covered != null && expected.validFrom() < covered;
            Statistics.collect(
                    settled.view() != view
                            ? "written before"
                            : covered == null ? "kept" : hidden ? "warming" : "covered");
            // A row from before a feature came, which had all its events at once, is all that is not checked.
            if (index >= 0 || covered != null) {
                assertThat(text(index < 0 ? null : settled.row().values().get(index)))
                        .as("%s at %s", feature.name(), expected.validFrom())
                        .isEqualTo(text(hidden ? null : expected.values().get(i)));
            }
        }
    }

    @Example
    void aSnapshotThatAnEarlierBuildTookUnderAnEarlierDefinitionGoesOnExactly() throws Exception {
        FeatureView before = view(
                """
                { name: n_sum, aggregate: sum, column: n, windows: [10s] }
                { name: least, aggregate: min, column: n }
                """);
        FeatureView after = view(
                """
                { name: names, aggregate: count_distinct, column: name, windows: [10s] }
                { name: n_sum, aggregate: sum, column: n, windows: [10s] }
                """);
        List<LogEvent> log = GoldenViews.log();
        List<LogEvent> half = log.subList(0, log.size() / 2);
        byte[] golden = GoldenFile.read("earlier-definition.snapshot", () -> snapshot(before, half));
        Path file = Files.write(Files.createTempFile("golden", null), golden);
        SortedMap<String, SortedMap<Long, OperatorRun.Settled>> rows = new TreeMap<>();
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = harness(after)) {
            harness.initializeState(OperatorSnapshotUtil.readStateHandle(file.toString()));
            harness.open();
            play(harness, after, log.subList(half.size(), log.size()));
            harness.processWatermark(Long.MAX_VALUE);
            FeatureHarness.values(harness.getSideOutput(FeatureHarness.SETTLED))
                    .forEach(row -> rows.computeIfAbsent(row.key(), none -> new TreeMap<>())
                            .put(row.validFrom(), new OperatorRun.Settled(after, row.packed())));
        } finally {
            Files.delete(file);
        }

        long newest = half.stream().mapToLong(LogEvent::time).max().orElseThrow();
        Map<String, Long> warming = Lineage.of(List.of(new Lineage.Earlier(before, watermark(half) + 1, newest)), after)
                .plan()
                .warming();
        assertThat(warming.keySet()).containsExactly("names_10s");
        Oracle.ofAccepted(after, log).history().forEach((key, expected) -> expected.stream()
                .filter(row -> row.validFrom() > watermark(half) + 1)
                .forEach(row -> check(row, rows.get(key), warming, after)));
    }

    private static byte[] snapshot(FeatureView view, List<LogEvent> log) throws Exception {
        Path file = Files.createTempFile("golden", null);
        try (KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness = harness(view)) {
            harness.open();
            play(harness, view, log);
            harness.prepareSnapshotPreBarrier(1);
            OperatorSnapshotUtil.writeStateHandle(harness.snapshot(1, 1), file.toString());
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness(FeatureView view)
            throws Exception {
        return FeatureHarness.subtask(view, FeatureHarness.options(false, true), 8, 1, 0);
    }

    private static void play(
            KeyedOneInputStreamOperatorTestHarness<String, EventBundle, RowUpdate> harness,
            FeatureView view,
            List<LogEvent> log)
            throws Exception {
        Projections projections = new Projections(view);
        for (LogEvent event : log) {
            harness.processElement(EventBundle.of(projections.of(event).orElseThrow()), event.time());
        }
        harness.processWatermark(watermark(log));
    }

    /** As if all partitions were one. */
    private static long watermark(List<LogEvent> log) {
        return log.stream().mapToLong(LogEvent::time).max().orElseThrow()
                - ALL.source().allowedLateness().toMillis()
                - 1;
    }

    @Example
    void aRenamedFeatureIsRefused() throws Exception {
        FeatureView renamed = view("{ name: total_n, aggregate: sum, column: n, windows: [10s] }");
        FeatureView before = view("{ name: n_sum, aggregate: sum, column: n, windows: [10s] }");
        assertThatThrownBy(() -> OperatorRun.playAmended(List.of(before, renamed), log(), 1, 2, 3))
                .hasMessageContaining("view@1")
                .hasMessageContaining("Feature n_sum_10s would be renamed to total_n_10s")
                .hasMessageContaining("Keep the name n_sum_10s, or give the view version 2");
    }

    @Example
    void aChangedFeatureIsRefused() throws Exception {
        FeatureView before = view("{ name: n_sum, aggregate: sum, column: n, windows: [ { length: 10s, as: w } ] }");
        FeatureView changed = view("{ name: n_sum, aggregate: sum, column: n, windows: [ { length: 20s, as: w } ] }");
        assertThatThrownBy(() -> OperatorRun.playAmended(List.of(before, changed), log(), 1, 1, 1))
                .hasMessageContaining("Feature n_sum_w changed")
                .hasMessageContaining("under another name");
    }

    private static List<LogEvent> log() {
        return List.of(
                new LogEvent(0, 1, 1_000, Map.of("user", "ann", "n", 1L)),
                new LogEvent(0, 2, 2_000, Map.of("user", "ann", "n", 2L)));
    }

    private static String text(@Nullable Object value) {
        return RowText.values(Arrays.asList(value));
    }

    private static FeatureView someOfAll(Random random) {
        List<Feature> some = new ArrayList<>(
                ALL.features().stream().filter(feature -> random.nextInt(3) > 0).toList());
        if (some.isEmpty()) {
            some.add(ALL.features().get(0));
        }
        return ViewBuilder.withFeatures(ALL, some);
    }

    private static FeatureView view(String features) {
        String yaml =
                """
                kind: Source
                name: events
                kafka: { topic: events, format: json }
                schema: { time: timestamp, user: string, n: long, x: double, name: string, flag: boolean }
                event_time: time
                allowed_lateness: 5s
                ---
                kind: Entity
                name: user
                keys: { user: string }
                ---
                kind: FeatureView
                name: view
                version: 1
                entity: user
                source: events
                columns: { twice: n + n, previous: { lag: name } }
                features:
                """
                        + features.lines().map(line -> "  - " + line + "\n").reduce("", String::concat);
        try {
            return DefinitionReader.read(List.of(new DefinitionReader.Text("view.yaml", yaml)))
                    .views()
                    .get(0);
        } catch (InvalidDefinitionsException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
