package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.oracle.EngineRun;
import dev.tidemark.engine.oracle.EntityRun;
import dev.tidemark.engine.oracle.Lateness;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import dev.tidemark.engine.oracle.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Events that come after the rows which they change were settled, as their partition had been idle. */
class CorrectionsPropertyTest {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.ofEvents(24);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.withIdlePartitions();
    }

    /** In units of the scenario. */
    @Provide
    Arbitrary<Integer> horizons() {
        return Arbitraries.of(0, 3, 20, 1_000_000);
    }

    @Property(tries = 3000)
    void historyIsTheOraclesForWhatWasTakenIn(
            @ForAll("scenarios") Scenario scenario,
            @ForAll("schedules") Schedule schedule,
            @ForAll("horizons") int horizon) {
        ViewPlan plan = ViewPlan.of(scenario.view(), Duration.ofMillis(horizon * scenario.unit()));
        EngineRun run = EngineRun.of(scenario, schedule, plan, entity -> {});
        Statistics.collect(run.corrections() > 0 ? "corrected" : run.refused().isEmpty() ? "in time" : "refused");
        Statistics.coverage(coverage -> {
            coverage.check("corrected").percentage(share -> share > 5);
            coverage.check("refused").percentage(share -> share > 1);
        });
        assertThat(texts(run.history()))
                .as("without %s", run.refused())
                .isEqualTo(texts(accepted(scenario, run).history()));
    }

    @Property(tries = 1000)
    void theProvisionalRowIsTheOracles(@ForAll("scenarios") Scenario scenario, @ForAll("schedules") Schedule schedule) {
        ViewPlan plan = ViewPlan.of(scenario.view(), Duration.ofMillis(1_000_000 * scenario.unit()));
        EngineRun.of(scenario, schedule, plan, entity -> assertThat(RowText.of(entity.current()))
                .as("the row of %s at %s, knowing %s", entity.key(), entity.reached(), entity.known())
                .isEqualTo(row(scenario, entity)));
    }

    private static String row(Scenario scenario, EntityRun entity) {
        return Oracle.ofAccepted(scenario.view(), entity.known())
                .rowAt(entity.key(), entity.reached())
                .map(RowText::of)
                .orElse("no row");
    }

    private static Oracle accepted(Scenario scenario, EngineRun run) {
        long lateness = scenario.view().source().allowedLateness().toMillis();
        List<LogEvent> events =
                new ArrayList<>(Lateness.judge(scenario.log(), lateness).onTime());
        events.removeAll(run.refused());
        return Oracle.ofAccepted(scenario.view(), events);
    }

    private static Map<String, List<String>> texts(SortedMap<String, List<FeatureRow>> rows) {
        Map<String, List<String>> texts = new TreeMap<>();
        rows.forEach((key, list) -> texts.put(key, RowText.ofSettled(list)));
        return texts;
    }
}
