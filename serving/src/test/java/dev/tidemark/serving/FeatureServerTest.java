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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the server does while its store, its clients or itself are in trouble. */
class FeatureServerTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();
    private static final String REQUEST = "{\"features\": [\"pages\"], \"entities\": {\"user\": [\"ann\"]}}";

    private static final String WAITING =
            "{\"wait_for\": {\"offsets\": {\"wiki-edits\": {\"0\": 42}}, \"timeout_ms\": 30000}, "
                    + REQUEST.substring(1);

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
            String impossible = WAITING.replace("30000", "0").replace("ann", "x".repeat(8_000_000));
            for (int i = 0; i < 3; i++) {
                assertThat(client.post(large).statusCode()).isEqualTo(200);
                assertThat(client.post(impossible).statusCode()).isEqualTo(504);
            }
        }
    }

    @Test
    void answersTheRequestsUnderWayBeforeItStops() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        OnlineStore slow = WatchedStore.of(new InMemoryOnlineStore(), (method, arguments) -> {
            if (method.equals("find") && arguments.contains("slow")) {
                reading.countDown();
                goesOn.await();
            }
        });
        FeatureServer server = start(slow);
        TestClient client = new TestClient(server.url());
        CompletableFuture<Integer> plain =
                async(() -> client.post(REQUEST.replace("ann", "slow")).statusCode());
        CompletableFuture<Integer> waits = async(() -> client.post(WAITING).statusCode());
        reading.await();
        await().until(() -> client.get("/metrics").body().contains("feature_store_api_waiting_requests 1.0"));

        CompletableFuture<Integer> stopped = async(() -> {
            server.close();
            return 0;
        });
        await().until(() -> isGone(client));
        assertThat(stopped).isNotDone();
        goesOn.countDown();
        assertThat(plain.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(waits.get(10, TimeUnit.SECONDS)).isEqualTo(503);
        stopped.get(10, TimeUnit.SECONDS);
    }

    private static boolean isGone(TestClient client) {
        try {
            return client.get("/ready").statusCode() == 503;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static CompletableFuture<Integer> async(Supplier<Integer> action) {
        return CompletableFuture.supplyAsync(action, task -> new Thread(task).start());
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
            assertThat(new TestClient(server.url()).post(WAITING).statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("answers");
        }
    }
}
