package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.ViewBuilder;
import dev.tidemark.jobs.record.KeyedEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntityCacheTest {
    private static final FeatureView VIEW = new ViewBuilder()
            .lateness(0)
            .feature(Plain.COUNT_DISTINCT, "n", new Window.Lifetime())
            .build();

    private final Lineage lineage = Lineage.of(VIEW);
    private final Projections projections = new Projections(VIEW);

    @Test
    void fewLargeEntitiesTakeThePlaceOfManySmallOnes() {
        EntityCache cache = new EntityCache(() -> 2_000_000);
        for (int i = 0; i < 100; i++) {
            cache.put(entity("small" + i, 1));
        }
        assertThat(cache.evict()).isNull();

        for (int i = 0; i < 5; i++) {
            cache.put(entity("large" + i, 5_000));
        }
        int evicted = 0;
        for (KeyedCell cell = cache.evict(); cell != null; cell = cache.evict()) {
            evicted++;
        }
        assertThat(evicted).isGreaterThan(100);
        assertThat(cache.all()).isNotEmpty().allSatisfy(cell -> assertThat(cell.key())
                .startsWith("large"));
        assertThat(cache.bytes()).isLessThanOrEqualTo(2_000_000);
    }

    private KeyedCell entity(String key, int values) {
        KeyedCell cell = KeyedCell.of(lineage, key, null);
        for (int i = 0; i < values; i++) {
            KeyedEvent event = projections
                    .of(new LogEvent(0, i, 1_700_000_000_000L + i, Map.of("user", key, "n", (long) i)))
                    .orElseThrow();
            InputEvent input = new InputEvent(event.time(), 0, i, lineage.plan().decodeInputs(event.inputs()));
            assertThat(cell.entity().accept(input)).isTrue();
            cell.entity().settle(event.time(), row -> {});
        }
        return cell;
    }
}
