package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.oracle.EngineRun;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Scenarios;
import dev.tidemark.engine.oracle.Schedule;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What the engine settles, whatever happens on the way. */
class EngineHistoryPropertyTest {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.ofEvents(40);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any();
    }

    @Property(tries = 1000)
    void theSettledRowsAreTheOracles(@ForAll("scenarios") Scenario scenario, @ForAll("schedules") Schedule schedule) {
        Oracle oracle = Oracle.of(scenario.view(), scenario.log());
        assertThat(texts(EngineRun.history(scenario, schedule))).isEqualTo(texts(oracle.history()));
    }

    @Property(tries = 1000)
    void theWayDoesNotMatter(
            @ForAll("scenarios") Scenario scenario,
            @ForAll("schedules") Schedule one,
            @ForAll("schedules") Schedule another) {
        assertThat(texts(EngineRun.history(scenario, one))).isEqualTo(texts(EngineRun.history(scenario, another)));
    }

    @Property(tries = 1000)
    void encodingChangesNothing(@ForAll("scenarios") Scenario scenario, @ForAll("schedules") Schedule schedule) {
        Schedule kept = new Schedule(schedule.seed(), schedule.settles(), schedule.advances(), false);
        Schedule recoded = new Schedule(schedule.seed(), schedule.settles(), schedule.advances(), true);
        assertThat(texts(EngineRun.history(scenario, recoded))).isEqualTo(texts(EngineRun.history(scenario, kept)));
    }

    @Property(tries = 1000)
    void everyRowIsAChangeAndTheLastIsEmpty(
            @ForAll("scenarios") Scenario scenario, @ForAll("schedules") Schedule schedule) {
        EngineRun.history(scenario, schedule).values().forEach(rows -> {
            for (int i = 1; i < rows.size(); i++) {
                assertThat(rows.get(i).validFrom())
                        .isGreaterThan(rows.get(i - 1).validFrom());
                // Of a view that keeps the last row of each interval, two neighbours may say the same.
                assertThat(scenario.view().history().every() == null
                                && rows.get(i).sameContent(rows.get(i - 1)))
                        .isFalse();
            }
            assertEmpty(scenario.view().features(), rows.get(rows.size() - 1));
        });
    }

    @Example
    void anEventWhoseRowIsSettledIsRefusedAndChangesNothing() {
        FeatureView view = new ViewBuilder()
                .feature(Aggregate.Plain.COUNT, null, ViewBuilder.window(10, 1))
                .build();
        ViewPlan plan = ViewPlan.of(view);
        EntityState state = EntityState.create(plan);
        state.accept(new InputEvent(100, 0, 0, new Object[] {true}));
        state.settle(101, row -> {});
        byte[] before = state.encode();
        assertThat(state.accept(new InputEvent(100, 1, 0, new Object[] {true}))).isFalse();
        assertThat(state.encode()).isEqualTo(before);
        assertThat(state.accept(new InputEvent(101, 1, 1, new Object[] {true}))).isTrue();
        assertThat(state.current().values()).containsExactly(2L);
    }

    @Example
    void anEntityWithoutEventsHasNoRows() {
        EntityState state = EntityState.create(ViewPlan.of(new ViewBuilder()
                .feature(Aggregate.Plain.COUNT, null, new Window.Lifetime())
                .build()));
        List<FeatureRow> rows = new ArrayList<>();
        state.settle(Long.MAX_VALUE, rows::add);
        assertThat(rows).isEmpty();
        assertThat(state.nextSettlement()).isEqualTo(FeatureRow.NEVER);
        assertThatIllegalStateException().isThrownBy(state::current);
    }

    private static void assertEmpty(List<Feature> features, FeatureRow row) {
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            if (feature.window() instanceof Window.Sliding) {
                assertThat(row.values().get(i)).as(feature.name()).isEqualTo(ofNothing(feature));
            }
        }
    }

    private static @Nullable Object ofNothing(Feature feature) {
        return feature.aggregate() == Aggregate.Plain.COUNT || feature.aggregate() == Aggregate.Plain.COUNT_DISTINCT
                ? (Object) 0L
                : feature.defaultValue();
    }

    private static Map<String, List<String>> texts(SortedMap<String, List<FeatureRow>> rows) {
        Map<String, List<String>> texts = new TreeMap<>();
        rows.forEach((key, list) -> texts.put(key, RowText.ofSettled(list)));
        return texts;
    }
}
