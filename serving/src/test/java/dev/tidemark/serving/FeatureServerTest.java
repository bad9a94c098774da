package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.FrontierPart;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.OnlineStore;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the server does while its store, its clients or itself are in trouble. */
class FeatureServerTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();
    private static final String REQUEST = "{\"features\": [\"pages\"], \"entities\": {\"user\": [\"ann\"]}}";

    private final AtomicLong nanos = new AtomicLong();

    private FeatureServer start(OnlineStore store, Clock clock) {
        return FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), () -> DEFINITIONS, store, clock, nanos::get);
    }

    private FeatureServer start(OnlineStore store) {
        return start(store, Clock.systemUTC());
    }

    @Test
    void aStoreThatHangsHoldsUpNobody() throws Exception {
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        OnlineStore hanging = WatchedStore.of(new InMemoryOnlineStore(), (method, arguments) -> {
            if (hangs.get()) {
                asked.countDown();
                goesOn.await();
            }
        });
        try (FeatureServer server = start(hanging)) {
            TestClient client = new TestClient(server.url());
            assertThat(client.get("/health").statusCode()).isEqualTo(200);
            hangs.set(true);
            asked.await();
            nanos.addAndGet(StoreWatch.LONGEST_SILENCE.toNanos());
            assertThat(client.get("/health").statusCode()).isEqualTo(200);

            nanos.incrementAndGet();
            assertThat(client.get("/health").statusCode()).isEqualTo(503);
            assertThat(client.get("/ready").body()).contains("\"online_store\":\"does not answer\"");
            assertThat(client.get("/metrics").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = client.post(REQUEST);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(TestClient.detail(refused))
                    .isEqualTo("The online store does not answer. Try again in a moment.");

            goesOn.countDown();
            await().until(() -> client.get("/health").statusCode() == 200);
            assertThat(client.post(REQUEST).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void largeRequestsMakeRoomForThoseThatComeAfterThem() {
        try (FeatureServer server = start(new InMemoryOnlineStore())) {
            TestClient client = new TestClient(server.url());
            String large = REQUEST.replace("ann", "x".repeat(8_000_000));
            String impossible = "{\"wait_for\": {\"offsets\": {\"wiki-edits\": {\"0\": 42}}, \"timeout_ms\": 0}, " + large.substring(1);
            for (int i = 0; i < 3; i++) {
                assertThat(client.post(large).statusCode()).isEqualTo(200);
                assertThat(client.post(impossible).statusCode()).isEqualTo(504);
            }
        }
    }

    /** The pool that a whole program shares may have a single thread, which one slow client would take. */
    @Test
    void writesAnswersToThoseWhoWaitedInThreadsOfItsOwn() {
        AtomicReference<String> thread = new AtomicReference<>();
        InstantSource time = () -> {
            thread.set(Thread.currentThread().getName());
            return Instant.EPOCH;
        };
        InMemoryOnlineStore store = new InMemoryOnlineStore();
        LogPosition reached = LogPosition.parse("0:42");
        store.advance(
                DEFINITIONS.view("pages", 2).orElseThrow(), 0, null, new FrontierPart(1, 1, reached, LogPosition.NONE));
        try (FeatureServer server = start(store, time.withZone(ZoneOffset.UTC))) {
            String waiting = "{\"wait_for\": {\"offsets\": {\"wiki-edits\": {\"0\": 42}}}, " + REQUEST.substring(1);
            assertThat(new TestClient(server.url()).post(waiting).statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("answers");
        }
    }
}
