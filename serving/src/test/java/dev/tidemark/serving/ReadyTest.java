package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import dev.tidemark.stores.InMemoryOnlineStore;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What {@code /ready} says of a registry that is neither there nor away, under a clock that the test moves. */
class ReadyTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();
    private static final String REQUEST = "{\"features\": [\"pages\"], \"entities\": {\"user\": [\"ann\"]}}";

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // Such clocks may run over.
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private boolean loaded;

    @Test
    void saysThatTheRegistryHangs() {
        try (FeatureServer server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0),
                this::definitions,
                new InMemoryOnlineStore(),
                Clock.systemUTC(),
                nanos::get)) {
            TestClient client = new TestClient(server.url());
            await().until(() -> hangs.getCount() == 0);
            nanos.addAndGet(CatalogRefresher.LONGEST_SILENCE.toNanos());
            assertThat(client.get("/ready").statusCode()).isEqualTo(200);

            nanos.incrementAndGet();
            HttpResponse<String> ready = client.get("/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .isEqualTo("{\"ready\":false,\"definitions\":\"loaded\",\"registry\":\"does not answer\","
                            + "\"online_store\":\"answers\"}");
            assertThat(client.head("/ready").statusCode()).isEqualTo(503);
            assertThat(client.head("/health").statusCode()).isEqualTo(200);
            assertThat(client.post(REQUEST).statusCode()).as("what was loaded").isEqualTo(200);

            goesOn.countDown();
            await().until(() -> client.get("/ready").statusCode() == 200);
        }
    }

    /** Answers once, and then no more until the test says so. */
    private Definitions definitions() {
        if (loaded) {
            hangs.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        loaded = true;
        return DEFINITIONS;
    }
}
