package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an event costs when the windows are full and a slice leaves for every one that enters. Memory that is allocated stands for
 * work: it is the same in every run, and slices and chunks that are looked at are made anew.
 */
final class WindowReachTest {
    private static final long STEP = 1_000;
    private static final long START = 1_700_000_000_000L;
    private static final int MEASURED = 3_000;

    @Test
    void anEventOfALongWindowCostsAsMuchAsOneOfAShort() {
        double few = bytesPerEvent(200);
        double many = bytesPerEvent(20_000);

        assertThat(few).isPositive();
        assertThat(many)
                .as("bytes with 20,000 slices, against %s with 200", few)
                .isLessThan(1.5 * few);
    }

    private static double bytesPerEvent(int slices) {
        ViewPlan plan = ViewPlan.of(new ViewBuilder()
                .lateness(0)
                .feature(Plain.COUNT, null, ViewBuilder.window(slices * STEP, STEP))
                .feature(Plain.SUM, "n", ViewBuilder.window(slices * STEP, STEP))
                .feature(Plain.AVG, "x", ViewBuilder.window(slices * STEP, STEP))
                .build());
        EntityState state = EntityState.create(plan);
        EventProjector projector = new EventProjector(plan);
        int filling = slices + 10_000; // The events that are kept for corrections leave one by one as well.
        enter(0, filling, state, projector);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        enter(filling, MEASURED, state, projector);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(state.current().values().get(0)).isEqualTo(slices + 1L); // The tail moves in steps.
        return (double) allocated / MEASURED;
    }

    private static void enter(int first, int count, EntityState state, EventProjector projector) {
        for (int i = first; i < first + count; i++) {
            Map<String, Object> columns = Map.of("user", "ann", "n", (long) i % 100, "x", i % 7 / 7.0);
            long time = START + i * STEP;
            state.accept(new InputEvent(time, 0, i, projector.project(columns).inputs()));
            state.settle(time, row -> {});
        }
    }
}
