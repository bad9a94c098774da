package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One entity with a million events in one slice. */
final class CrowdedSliceTest {
    private static final int EVENTS = 1_000_000;
    private static final int AT_ONCE = 1_000;
    private static final long START = 1_700_000_100_000L; // A multiple of the step.
    private static final FeatureView VIEW = view();

    @Test
    @Timeout(60)
    void stateStaysSmallAndValuesExact() {
        ViewPlan plan = ViewPlan.of(VIEW);
        EventProjector projector = new EventProjector(plan);
        EntityState state = EntityState.create(plan);
        List<FeatureRow> newest = new ArrayList<>();
        int largest = 0;
        for (int i = 0; i < EVENTS; i++) {
            EventProjector.Projection projected =
                    projector.project(Map.of("user", "ann", "n", Long.MAX_VALUE - i, "x", 0.1, "name", "v" + i % 50));
            long time = START + i / 4;
            assertThat(state.accept(new InputEvent(time, 0, i, projected.inputs())))
                    .isTrue();
            if (i % AT_ONCE == AT_ONCE - 1) {
                state.settle(time, row -> {
                    newest.clear();
                    newest.add(row);
                });
                largest = Math.max(largest, state.encode().length);
            }
        }
        assertThat(state.current().values()).containsExactly((long) EVENTS, null, Long.MAX_VALUE, 100_000.0, 50L);
        assertThat(state.valuesBeyondType()).isEqualTo(1);
        // A slice, two cursors, and the 10,000 events that a correction may go back to at most.
        assertThat(largest).isBetween(200_000, 400_000);

        state.settle(Long.MAX_VALUE, row -> {
            newest.clear();
            newest.add(row);
        });
        assertThat(newest.get(0).values()).containsExactly(0L, null, null, null, 0L);
        assertThat(newest.get(0).validFrom()).isEqualTo(START + 300_000 + 3_600_000);
    }

    private static FeatureView view() {
        ViewBuilder view = new ViewBuilder().lateness(0);
        return view.feature(Plain.COUNT, null, ViewBuilder.window(3_600_000, 300_000))
                .feature(Plain.SUM, "n", ViewBuilder.window(3_600_000, 300_000))
                .feature(Plain.MAX, "n", ViewBuilder.window(3_600_000, 300_000))
                .feature(Plain.SUM, "x", ViewBuilder.window(3_600_000, 300_000))
                .feature(Plain.COUNT_DISTINCT, "name", ViewBuilder.window(3_600_000, 300_000))
                .build();
    }
}
