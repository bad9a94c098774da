package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.AmendedRun;
import dev.tidemark.engine.oracle.AmendedRun.Written;
import dev.tidemark.engine.oracle.BroadScenarios;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Features come and go while events come: those that stay are the oracle's at every instant, and those that are new have no value
 * until their windows are covered, and the oracle's from then on.
 */
class LineagePropertyTest {
    @Provide
    Arbitrary<Scenario> anything() {
        return Scenarios.ofEvents(40);
    }

    @Provide
    Arbitrary<Scenario> everything() {
        return BroadScenarios.ofEvents(25);
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void anyFeaturesComeAndGo(@ForAll("anything") Scenario scenario, @ForAll("seeds") long seed) {
        check(scenario, seed, 2);
        Statistics.coverage(coverage -> {
            coverage.check("kept").percentage(share -> share > 5);
            coverage.check("written before").percentage(share -> share > 5);
            coverage.check("warming").percentage(share -> share > 5);
            coverage.check("covered").percentage(share -> share > 5);
        });
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everyAggregateComesAndGoes(@ForAll("everything") Scenario scenario, @ForAll("seeds") long seed) {
        check(scenario, seed, 2);
        Statistics.coverage(coverage -> {
            coverage.check("warming").percentage(share -> share > 1);
            coverage.check("covered").percentage(share -> share > 1);
        });
    }

    private static void check(Scenario scenario, long seed, int amendments) {
        Random random = new Random(seed);
        Set<String> removed = new HashSet<>();
        FeatureView view = someOf(scenario.view(), removed, random);
        AmendedRun run = new AmendedRun(view, seed);
        List<LogEvent> log = ofOneUser(scenario.log());
        int taken = 0;
        for (int i = 0; i < amendments; i++) {
            int until = taken + random.nextInt(log.size() - taken + 1);
            run.take(log.subList(taken, until));
            taken = until;
            FeatureView next = someOf(scenario.view(), removed, random);
            boolean goesOn = run.mayBecome(next); // Not if a feature would be renamed by chance.
            Statistics.label("amendment").collect(goesOn ? "goes on" : "is refused");
            if (goesOn) {
                view.features().stream()
                        .filter(feature -> !next.features().contains(feature))
                        .forEach(feature -> removed.add(feature.name()));
                run.amend(next);
                view = next;
            }
        }
        Statistics.label("amendment")
                .coverage(coverage -> coverage.check("goes on").percentage(share -> share > 60));
        run.take(log.subList(taken, log.size()));
        if (!run.taken().isEmpty()) {
            checkCurrent(run);
            run.drain();
            checkHistory(run);
        }
    }

    private static void checkCurrent(AmendedRun run) {
        FeatureRow row = run.current();
        Oracle oracle = Oracle.ofAccepted(run.plan().view(), run.taken());
        assertThat(RowText.values(row.values()))
                .as("the provisional row from %s", row.validFrom())
                .isEqualTo(RowText.values(visible(
                        run,
                        row.validFrom(),
                        oracle.valuesAt(key(), row.validFrom()).orElseThrow())));
    }

    private static void checkHistory(AmendedRun run) {
        Oracle oracle = Oracle.ofAccepted(run.plan().view(), run.taken());
        SortedSet<Long> instants = new TreeSet<>();
        oracle.history(key()).forEach(row -> instants.add(row.validFrom()));
        run.history().keySet().forEach(instants::add);
        run.plan().warming().values().stream()
                .filter(covered -> covered != FeatureRow.NEVER)
                .forEach(instants::add);
        instants.forEach(instant -> checkAt(endOfInterval(run, instant), oracle, run));
    }

    /** Where only the last row of an interval is kept, that holds at its end. */
    private static long endOfInterval(AmendedRun run, long instant) {
        Duration every = run.plan().view().history().every();
        return every == null ? instant : (Math.floorDiv(instant, every.toMillis()) + 1) * every.toMillis() - 1;
    }

    private static void checkAt(long instant, Oracle oracle, AmendedRun run) {
        SortedMap<Long, Written> until = run.history().headMap(instant + 1);
        assertThat(until).as("rows until %s", instant).isNotEmpty();
        Written written = until.get(until.lastKey());
        List<@Nullable Object> expected =
                visible(run, instant, oracle.valuesAt(key(), instant).orElseThrow());
        List<Feature> features = run.plan().view().features();
        List<String> texts = new ArrayList<>();
        List<String> expectedTexts = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            int before = written.plan().view().features().indexOf(features.get(i));
            // A row from before a feature came, which had all its events at once, is all that is not checked.
            String name = features.get(i).name();
            if (before >= 0 || run.plan().warming().getOrDefault(name, Long.MIN_VALUE) > run.settledBefore(name)) {
                texts.add(RowText.values(
                        Arrays.asList(before < 0 ? null : written.row().values().get(before))));
                expectedTexts.add(RowText.values(Arrays.asList(expected.get(i))));
            }
        }
        Statistics.collect(
                written.plan() != run.plan()
                        ? "written before"
                        : run.plan().warming().values().stream().anyMatch(covered -> covered <= instant)
                                ? "covered"
                                : run.plan().warming().isEmpty() ? "kept" : "warming");
        assertThat(texts).as("values at %s of %s", instant, features).isEqualTo(expectedTexts);
    }

    /** The oracle's values, but for those of features that are warming. */
    private static List<@Nullable Object> visible(AmendedRun run, long instant, List<@Nullable Object> values) {
        List<@Nullable Object> visible = new ArrayList<>(values);
        for (int i = 0; i < visible.size(); i++) {
            String name = run.plan().view().features().get(i).name();
            if (instant < run.plan().warming().getOrDefault(name, Long.MIN_VALUE)) {
                visible.set(i, null);
            }
        }
        return visible;
    }

    /** Some of the features, without those that were removed before: they may not come back. */
    private static FeatureView someOf(FeatureView view, Set<String> removed, Random random) {
        List<Feature> all = view.features().stream()
                .filter(feature -> !removed.contains(feature.name()))
                .toList();
        List<Feature> some = new ArrayList<>(
                all.stream().filter(feature -> random.nextInt(3) > 0).toList());
        if (some.isEmpty()) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return ViewBuilder.withFeatures(view, some);
    }

    private static List<LogEvent> ofOneUser(List<LogEvent> log) {
        List<LogEvent> result = new ArrayList<>();
        for (LogEvent event : log) {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>(event.columns());
            columns.put("user", "ann");
            result.add(new LogEvent(event.partition(), event.offset(), event.time(), columns));
        }
        return result;
    }

    private static String key() {
        return ViewBuilder.key("ann");
    }
}
