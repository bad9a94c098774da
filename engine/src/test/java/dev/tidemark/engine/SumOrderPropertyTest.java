package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.EngineRun;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Schedule;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sums of doubles that a running total would get wrong. */
class SumOrderPropertyTest {
    @Provide
    Arbitrary<List<Double>> orders() {
        return Arbitraries.shuffle(1e16, 1.0, -1e16);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any();
    }

    @Property(tries = 100)
    void aSumThatCancelsLeavesNothingBehind(
            @ForAll("orders") List<Double> order, @ForAll("schedules") Schedule schedule) {
        FeatureView view = new ViewBuilder()
                .feature(Aggregate.Plain.SUM, "x", ViewBuilder.window(10, 1))
                .build();
        List<LogEvent> log = new ArrayList<>();
        for (double x : order) {
            log.add(new LogEvent(0, log.size(), 100, Map.of("user", "ann", "x", x)));
        }
        log.add(new LogEvent(0, 3, 105, Map.of("user", "ann", "x", 0.0)));

        List<FeatureRow> rows =
                EngineRun.history(new Scenario(1, view, log), schedule).get(ViewBuilder.key("ann"));
        assertThat(rows).extracting(FeatureRow::validFrom).containsExactly(101L, 106L, 111L, 116L);
        assertThat(rows).extracting(row -> row.values().get(0)).containsExactly(1.0, 1.0, 0.0, null);
    }
}
