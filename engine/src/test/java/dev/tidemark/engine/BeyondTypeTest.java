package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.engine.oracle.ViewBuilder;
import org.junit.jupiter.api.Test;

/** Sums that a long or a double cannot hold: null, counted, and back again when they fit. */
final class BeyondTypeTest {
    private final ViewPlan plan = ViewPlan.of(new ViewBuilder()
            .feature(Plain.SUM, "n", ViewBuilder.window(10_000, 1_000))
            .feature(Plain.SUM, "x", ViewBuilder.window(10_000, 1_000))
            .build());
    private final EntityState entity = EntityState.create(plan);

    @Test
    void aSumBeyondItsTypeIsNullAndCountedUntilItFitsAgain() {
        accept(1_000, Long.MAX_VALUE, Double.MAX_VALUE);
        assertThat(entity.current().values()).containsExactly(Long.MAX_VALUE, Double.MAX_VALUE);
        assertThat(entity.valuesBeyondType()).isZero();
        accept(2_000, 1L, Double.MAX_VALUE);
        assertThat(entity.current().values()).containsExactly(null, null);
        assertThat(entity.valuesBeyondType()).isEqualTo(2);
        accept(3_000, -2L, -Double.MAX_VALUE);
        assertThat(entity.current().values()).containsExactly(Long.MAX_VALUE - 1, Double.MAX_VALUE);
        assertThat(entity.valuesBeyondType()).isZero();
    }

    @Test
    void nothingIsNotBeyondAnything() {
        accept(1_000, null, null);
        assertThat(entity.current().values()).containsExactly(null, null);
        assertThat(entity.valuesBeyondType()).isZero();
    }

    private void accept(long time, Long n, Double x) {
        entity.accept(new InputEvent(time, 0, time, new Object[] {n, x}));
    }
}
