package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas of the sizes against states of simulated entities. */
final class StateSizeTest {
    private static final double FACTOR = 1.5;
    private static final long LATENESS = 10_000;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long START = 1_700_000_000_000L;
    private static final int SAMPLES = 40;

    @ParameterizedTest
    @CsvSource({
        "plain, 10", "plain, 1000", "plain, 5000",
        "values, 10", "values, 1000", "values, 5000",
        "folds, 10", "folds, 1000", "folds, 5000",
        "exact, 10", "exact, 1000", "exact, 5000",
        "periods, 10", "periods, 1000", "periods, 5000",
        "looking back, 10", "looking back, 1000", "looking back, 5000"
    })
    void estimateIsNearTheStatesOfSimulatedEntities(String name, double eventsPerDay) {
        FeatureView view = view(name);
        StateSize estimate = StateSize.of(view, eventsPerDay, ViewPlan.CORRECTIONS);
        long[] sizes = simulate(view, eventsPerDay);
        double mean = 0;
        for (long size : sizes) {
            assertThat(size).as("bound").isLessThanOrEqualTo(estimate.bound());
            mean += (double) size / sizes.length;
        }
        assertThat(estimate.typical())
                .as("%s, of which the mean is %s", estimate, mean)
                .isBetween(Math.round(mean / FACTOR), Math.round(mean * FACTOR));
    }

    @Test
    void partsAreNamedTheLargestFirst() {
        StateSize estimate = StateSize.of(view("plain"), 1_000, ViewPlan.CORRECTIONS);
        assertThat(estimate.parts().get(0).name()).isEqualTo("slices of windows up to 1d by 5m");
        assertThat(estimate.parts().stream().mapToLong(StateSize.Part::bytes).sum())
                .isEqualTo(estimate.typical());
    }

    @Test
    void ratesThatAreNoneAreRefused() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> StateSize.of(view("plain"), rate, ViewPlan.CORRECTIONS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("above zero");
        }
    }

    private static FeatureView view(String name) {
        ViewBuilder view = new ViewBuilder().lateness(LATENESS);
        switch (name) {
            case "plain" -> {
                for (Window window : List.of(
                        ViewBuilder.window(5 * 60_000, 10_000),
                        ViewBuilder.window(HOUR, 10_000),
                        ViewBuilder.window(DAY, 300_000))) {
                    for (Plain aggregate : List.of(Plain.SUM, Plain.AVG, Plain.MIN, Plain.MAX, Plain.STDDEV)) {
                        view.feature(aggregate, "n", window).feature(aggregate, "x", window);
                    }
                    view.feature(Plain.COUNT, null, window).feature(Plain.LAST, "name", window);
                }
            }
            case "values" -> {
                Window window = ViewBuilder.window(6 * HOUR, 300_000);
                view.feature(Plain.COUNT_DISTINCT, "name", window)
                        .feature(Plain.APPROX_COUNT_DISTINCT, "n", window)
                        .feature(new Aggregate.TopK(3), "n", window)
                        .feature(new Aggregate.ApproxPercentile(0.9), "x", window)
                        .feature(new Aggregate.LastN(5), "name", window)
                        .feature(new Aggregate.FirstN(5), "at", window);
            }
            case "folds" -> {
                Window window = ViewBuilder.window(HOUR, 60_000);
                view.feature(new Aggregate.Ema(0.1), "x", window)
                        .feature(new Aggregate.DecayedSum(Duration.ofHours(1)), "x", new Window.Lifetime())
                        .feature(Plain.COUNT, null, new Window.Lifetime())
                        .feature(Plain.MAX, "x", new Window.Lifetime());
            }
            case "exact" -> {
                view.feature(Plain.SUM, "n", ViewBuilder.window(HOUR, 1));
                view.feature(Plain.MAX, "x", ViewBuilder.window(HOUR, 1, 2 * HOUR));
            }
            case "periods" -> {
                Window window = new Window.Tumbling(Duration.ofHours(1), null, null);
                view.feature(Plain.SUM, "d", window).feature(Plain.COUNT_DISTINCT, "name", window);
            }
            default -> {
                view.column(new Column.Delta("change", "n", DataType.LONG));
                view.column(new Column.Lag("before", "name", DataType.STRING));
                view.feature(Plain.SUM, "change", ViewBuilder.window(HOUR, 10_000));
                view.feature(Plain.LAST, "before", ViewBuilder.window(HOUR, 10_000));
            }
        }
        return view.build();
    }

    /** The bytes of an entity at some instants, once its windows are full. */
    private static long[] simulate(FeatureView view, double eventsPerDay) {
        Random random = new Random(1);
        ViewPlan plan = ViewPlan.of(view);
        EventProjector projector = new EventProjector(plan);
        EntityState state = EntityState.create(plan);
        long warm = Math.max(DAY + 3 * HOUR, (long) (40 * DAY / eventsPerDay));
        long spacing = Math.max(20 * 60_000, (long) (DAY / eventsPerDay));
        long[] sizes = new long[SAMPLES];
        double clock = START;
        int offset = 1_000_000;
        for (int i = 0; i < SAMPLES; i++) {
            long instant = START + warm + i * spacing;
            while (clock < instant) {
                EventProjector.Projection projected = projector.project(columns(random));
                assertThat(state.accept(new InputEvent((long) clock, 0, offset++, projected.inputs())))
                        .isTrue();
                clock += -Math.log(1 - random.nextDouble()) * DAY / eventsPerDay;
                state.settle((long) Math.min(clock, instant) - LATENESS, row -> {});
            }
            state.settle(instant - LATENESS, row -> {});
            sizes[i] = state.encode().length;
            state = EntityState.decode(plan, state.encode());
        }
        return sizes;
    }

    /** Usual values: a hundred different ones in each column. */
    private static Map<String, @Nullable Object> columns(Random random) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("user", "ann");
        columns.put("n", 50_000L + 1_000 * random.nextInt(100));
        columns.put("x", 10 + random.nextInt(100) / 7.0);
        columns.put("d", BigDecimal.valueOf(5_000_000 + random.nextInt(100), 2));
        columns.put("name", "merchant " + (100 + random.nextInt(100)));
        columns.put("at", Instant.ofEpochMilli(START + random.nextInt(100)));
        return columns;
    }
}
