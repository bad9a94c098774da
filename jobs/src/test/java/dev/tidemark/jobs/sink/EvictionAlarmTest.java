package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.view.OnlineLoss.Before;
import dev.tidemark.stores.InMemoryOnlineStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionAlarmTest {
    private final InMemoryOnlineStore store = new InMemoryOnlineStore();
    private final List<String> warnings = new ArrayList<>();
    private final MarkProbe probe = new MarkProbe(store, "payments@1 0", new Before(0, true), warnings::add);

    @Test
    void isSilentIfTheStoreKeepsItsRows() {
        look(200);
        assertThat(warnings).isEmpty();
    }

    @Test
    void warnsAtTheFirstLookAndOfEachPolicyOnce() {
        store.evictBy("volatile-lru");
        look(1);
        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .startsWith("Redis has the maxmemory-policy volatile-lru: ")
                .contains("Set it to noeviction"));
        look(200);
        assertThat(warnings).hasSize(1);

        store.evictBy("allkeys-lru");
        look(60);
        assertThat(warnings).hasSize(2);
        store.evictBy(null);
        look(60);
        store.evictBy("allkeys-lru");
        look(60);
        assertThat(warnings).as("again").hasSize(3);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            probe.happened();
        }
    }
}
