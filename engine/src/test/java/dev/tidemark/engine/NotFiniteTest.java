package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an expression makes of a division by zero is no value, and is counted. */
final class NotFiniteTest {
    @Test
    void isCountedWhereAnEventIsReadAndIsNull() {
        ViewPlan plan = ViewPlan.of(new ViewBuilder()
                .column("ratio", DataType.DOUBLE, "x / 0.0")
                .column("next", DataType.DOUBLE, "ratio + 1.0")
                .feature(Plain.SUM, "ratio", ViewBuilder.window(10_000, 1_000))
                .feature(Plain.SUM, "next", ViewBuilder.window(10_000, 1_000))
                .build());
        EventProjector projector = new EventProjector(plan);

        EventProjector.Projection infinite = projector.project(Map.of("user", "ann", "x", 1.5));
        EventProjector.Projection fromTheSource = projector.project(Map.of("user", "ann", "x", Double.NaN));

        assertThat(infinite.inputs()).containsExactly(null, null);
        assertThat(infinite.notFinite()).isEqualTo(1);
        assertThat(fromTheSource.inputs()).containsExactly(null, null);
        assertThat(fromTheSource.notFinite())
                .as("of a null that nobody asked for")
                .isZero();
    }

    @Test
    void isCountedOnceWhereColumnsLookBack() {
        ViewPlan plan = ViewPlan.of(new ViewBuilder()
                .column(new Column.Delta("change", "x", DataType.DOUBLE))
                .column("inverse", DataType.DOUBLE, "1.0 / change")
                .feature(Plain.SUM, "inverse", ViewBuilder.window(10_000, 1_000))
                .build());
        EventProjector projector = new EventProjector(plan);
        EntityState entity = EntityState.create(plan);

        for (long time : new long[] {1_000, 3_000, 2_000}) { // The second comes behind the third.
            Map<String, Object> event = Map.of("user", "ann", "x", time == 3_000 ? 4.0 : 2.0);
            entity.accept(new InputEvent(time, 0, time, projector.project(event).inputs()));
        }

        assertThat(entity.takeNotFinite())
                .as("while events may come in between")
                .isZero();
        entity.settle(5_000, row -> {});
        assertThat(entity.takeNotFinite()).as("1 / (2 - 2)").isEqualTo(1);
        assertThat(entity.takeNotFinite()).isZero();
        assertThat(entity.current().values()).containsExactly(0.5);
    }
}
