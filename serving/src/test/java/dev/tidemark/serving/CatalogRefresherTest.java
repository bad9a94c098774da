package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CatalogRefresherTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();

    /** Such as that the heap is full; the next attempt may find it otherwise. */
    @Test
    void goesOnAfterAnError() {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        Supplier<Definitions> source = () -> {
            attempts.incrementAndGet();
            if (broken.get()) {
                throw new LinkageError("broken");
            }
            return DEFINITIONS;
        };
        try (CatalogRefresher refresher = CatalogRefresher.start(source, System::nanoTime)) {
            await().until(() -> attempts.get() > 1);
            assertThat(refresher.isFailing()).isTrue();
            assertThat(refresher.catalog()).isEmpty();

            broken.set(false);
            await().until(() -> !refresher.isFailing());
            assertThat(refresher.catalog()).isPresent();
        }
    }
}
