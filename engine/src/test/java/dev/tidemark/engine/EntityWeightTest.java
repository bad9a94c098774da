package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an entity is said to take in memory, against what it takes written: in memory each value is several times larger. */
final class EntityWeightTest {
    private static final int EVENTS = 2_000;
    private static final long START = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final List<Window> WINDOWS =
            List.of(new Window.Lifetime(), ViewBuilder.window(100 * HOUR, HOUR), ViewBuilder.window(HOUR, 10_000));

    /** A window and an aggregate of as many values as it keeps. */
    private record Case(Aggregate aggregate, String column, Window window) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Window window : WINDOWS) {
            for (Plain aggregate : Plain.values()) {
                cases.add(new Case(aggregate, "n", window));
            }
            for (String column : List.of("n", "x", "name")) {
                cases.add(new Case(Plain.COUNT_DISTINCT, column, window));
                cases.add(new Case(Plain.LAST, column, window));
                cases.add(new Case(new Aggregate.TopK(5), column, window));
                cases.add(new Case(new Aggregate.Histogram(100), column, window));
                cases.add(new Case(new Aggregate.FirstN(1_000), column, window));
                cases.add(new Case(new Aggregate.LastN(1_000), column, window));
            }
            cases.add(new Case(new Aggregate.ApproxPercentile(0.9), "x", window));
            cases.add(new Case(new Aggregate.Ema(0.1), "x", window));
            cases.add(new Case(new Aggregate.DecayedSum(Duration.ofHours(1)), "x", window));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void knowsOfAllThatIsKept(Case tested) {
        EntityState state = filled(new ViewBuilder()
                .lateness(0)
                .feature(tested.aggregate(), tested.column(), tested.window())
                .build());
        assertThat(state.weight()).isGreaterThan(state.encode().length);
    }

    @Test
    void knowsOfDifferentValuesOfALifetime() {
        EntityState state = filled(new ViewBuilder()
                .lateness(0)
                .feature(Plain.COUNT_DISTINCT, "name", new Window.Lifetime())
                .build());
        long each = 40 + 16 + 56 + 8; // An entry of a tree, its count, a text of eight characters.
        assertThat(state.weight()).isBetween(2 * EVENTS * each / 2, 2 * EVENTS * each * 2); // For each of the cursors.
    }

    @Test
    void knowsOfLongTextsOfEventsThatWait() {
        FeatureView view = new ViewBuilder()
                .lateness(0)
                .column(new Column.Lag("before", "name", DataType.STRING))
                .feature(Plain.LAST, "before", ViewBuilder.window(HOUR, 10_000))
                .build();
        ViewPlan plan = ViewPlan.of(view);
        EventProjector projector = new EventProjector(plan);
        EntityState state = EntityState.create(plan);
        for (int i = 0; i < 100; i++) {
            Map<String, @Nullable Object> columns = columns(i);
            columns.put("name", "x".repeat(10_000));
            state.accept(
                    new InputEvent(START + i, 0, i, projector.project(columns).inputs()));
        }
        assertThat(state.weight()).isBetween(1_000_000L, 4_000_000L);
    }

    private static EntityState filled(FeatureView view) {
        ViewPlan plan = ViewPlan.of(view);
        EventProjector projector = new EventProjector(plan);
        EntityState state = EntityState.create(plan);
        for (int i = 0; i < EVENTS; i++) {
            long time = START + i * 20_000L;
            state.accept(
                    new InputEvent(time, 0, i, projector.project(columns(i)).inputs()));
            state.settle(time, row -> {});
        }
        return state;
    }

    private static Map<String, @Nullable Object> columns(int i) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("user", "ann");
        columns.put("n", 1_000_000_000L + i);
        columns.put("x", i / 7.0);
        columns.put("name", "m" + (1_000_000 + i));
        return columns;
    }
}
