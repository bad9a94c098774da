package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.oracle.EngineRun;
import dev.tidemark.engine.oracle.EntityRun;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import dev.tidemark.engine.oracle.Schedule;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the engine says of an entity before it is settled. */
class ProvisionalRowPropertyTest {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.ofEvents(12);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any();
    }

    @Property(tries = 1000)
    void theProvisionalRowIsTheOraclesForTheEventsKnown(
            @ForAll("scenarios") Scenario scenario, @ForAll("schedules") Schedule schedule) {
        EngineRun.history(scenario, schedule, entity -> assertThat(RowText.of(entity.current()))
                .as("the row of %s at %s, knowing %s", entity.key(), entity.reached(), entity.known())
                .isEqualTo(oracleRow(scenario, entity)));
    }

    private static String oracleRow(Scenario scenario, EntityRun entity) {
        return Oracle.ofAccepted(scenario.view(), entity.known())
                .rowAt(entity.key(), entity.reached())
                .map(RowText::of)
                .orElse("no row");
    }
}
