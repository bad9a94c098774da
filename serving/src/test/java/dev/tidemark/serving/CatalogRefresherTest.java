package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import dev.tidemark.serving.CatalogRefresher.RegistryState;
import dev.tidemark.stores.PostgresException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
            assertThat(refresher.registry()).isEqualTo(RegistryState.UNREADABLE);
            assertThat(refresher.catalog()).isEmpty();

            broken.set(false);
            await().until(() -> refresher.registry() == RegistryState.ANSWERS);
            assertThat(refresher.catalog()).isPresent();
        }
    }

    @Test
    void aRegistryIsAwayWhenItHasNotAnsweredForTenSeconds() {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger attempts = new AtomicInteger();
        AtomicReference<RuntimeException> trouble = new AtomicReference<>();
        Supplier<Definitions> source = () -> {
            attempts.incrementAndGet();
            RuntimeException thrown = trouble.get();
            if (thrown != null) {
                throw thrown;
            }
            return DEFINITIONS;
        };
        try (CatalogRefresher refresher = CatalogRefresher.start(source, nanos::get)) {
            trouble.set(new IllegalStateException("of another release"));
            awaitTwoMore(attempts);
            nanos.addAndGet(CatalogRefresher.LONGEST_SILENCE.toNanos());
            assertThat(refresher.registry()).isEqualTo(RegistryState.ANSWERS);

            nanos.incrementAndGet();
            assertThat(refresher.registry()).isEqualTo(RegistryState.UNREADABLE);
            trouble.set(new PostgresException("Postgres is away.", new SQLException()));
            await().until(() -> refresher.registry() == RegistryState.SILENT);
            trouble.set(null);
            await().until(() -> refresher.registry() == RegistryState.ANSWERS);
            assertThat(refresher.catalog()).isPresent();
        }
    }

    /** Of two attempts that begin from now on, one has ended. */
    private static void awaitTwoMore(AtomicInteger attempts) {
        int before = attempts.get();
        await().until(() -> attempts.get() >= before + 2);
    }
}
