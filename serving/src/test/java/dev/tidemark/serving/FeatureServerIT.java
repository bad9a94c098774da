package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineWrite;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** The server on a real Redis and a real registry. */
class FeatureServerIT {
    private static final String REQUEST =
            "{\"features\": [\"pages@2:added\", \"activity@1:edits_1h\"], \"entities\": {\"user\": [\"ann\", \"bob\"]}}";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final String database = TestBackends.newDatabase();
    private final Postgres postgres = Postgres.connect(database, null, null);
    private final OnlineStore store =
            RedisOnlineStore.connect(TestBackends.shared().redisUri());
    private final FeatureServer server = start(postgres, store);
    private final TestClient client = new TestClient(server.url());

    private static FeatureServer start(Postgres postgres, OnlineStore store) {
        return FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), new RegistryDefinitions(postgres), store, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        server.close();
        store.close();
        postgres.close();
    }

    @Test
    void servesWhatIsAppliedAndWrittenWhileItRuns() {
        assertThat(client.get("/ready").statusCode()).isEqualTo(200);
        assertThat(client.post(REQUEST).statusCode()).isEqualTo(404);

        Definitions definitions = TestDefinitions.activity();
        Registry.open(postgres).apply(definitions);
        await().atMost(SOON).until(() -> client.post(REQUEST).statusCode() == 200);

        FeatureView view = definitions.view("pages", 2).orElseThrow();
        FeatureRow row = new FeatureRow(List.of(5L), 1_001, FeatureRow.NEVER, 1_000);
        store.put(
                Epoch.byHand(view, 1),
                List.of(new OnlineWrite(view, JoinKeys.encode(view.entity(), List.of("ann")), row)));
        HttpResponse<String> response = client.post(REQUEST);

        assertThat(response.body())
                .isEqualTo("{\"metadata\":{\"feature_names\":[\"user\",\"added\",\"edits_1h\"]},\"results\":["
                        + "{\"values\":[\"ann\",\"bob\"],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
                        + "\"event_timestamps\":[\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00Z\"]},"
                        + "{\"values\":[5,null],\"statuses\":[\"PRESENT\",\"NOT_FOUND\"],"
                        + "\"event_timestamps\":[\"1970-01-01T00:00:01Z\",\"1970-01-01T00:00:00Z\"]},"
                        + "{\"values\":[null,null],\"statuses\":[\"NOT_FOUND\",\"NOT_FOUND\"],"
                        + "\"event_timestamps\":[\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00Z\"]}]}");
    }

    @Test
    void servesAnotherVersionWithinASecondOfItsTakeover() {
        Registry registry = Registry.open(postgres);
        Definitions definitions = TestDefinitions.activity();
        registry.apply(definitions);
        putAdded(definitions.view("pages", 1).orElseThrow(), null, 1L, null, null, null, null, null);
        putAdded(definitions.view("pages", 2).orElseThrow(), 2L);
        String request = "{\"features\": [\"pages:added\"], \"entities\": {\"user\": [\"eve\"]}}";
        await().atMost(SOON).until(() -> client.post(request).body().contains("\"values\":[2]"));

        registry.takeOver("pages", 2, 1, "a test", null);
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(1))
                .until(() -> client.post(request).body().contains("\"values\":[1]"));

        registry.takeOver("pages", 1, 2, "a test", null);
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(1))
                .until(() -> client.post(request).body().contains("\"values\":[2]"));
    }

    private void putAdded(FeatureView view, @Nullable Object... values) {
        FeatureRow row = new FeatureRow(Arrays.asList(values), 1_001, FeatureRow.NEVER, 1_000);
        store.put(
                Epoch.byHand(view, 1),
                List.of(new OnlineWrite(view, JoinKeys.encode(view.entity(), List.of("eve")), row)));
    }

    @Test
    void readsAllRowsOfARequestInOneRoundTrip() {
        Registry.open(postgres).apply(TestDefinitions.activity());
        await().atMost(SOON).until(() -> client.post(REQUEST).statusCode() == 200);
        try (RedisClient redis = RedisClient.create(TestBackends.shared().redisUri())) {
            redis.sendCommand(Protocol.Command.CONFIG, "RESETSTAT");
            assertThat(client.post(REQUEST).statusCode()).isEqualTo(200);

            assertThat(redis.info("commandstats").lines().filter(line -> line.contains("get:")))
                    .singleElement()
                    .asString()
                    .startsWith("cmdstat_mget:calls=1,");
        }
    }

    @Test
    void saysThatAValueCannotBeRead() {
        Registry.open(postgres).apply(TestDefinitions.activity());
        await().atMost(SOON).until(() -> client.post(REQUEST).statusCode() == 200);
        String key = "tidemark:{editor:[\"broken\"]}:pages@2";
        try (RedisClient redis = RedisClient.create(TestBackends.shared().redisUri())) {
            redis.set(key, "?");
            HttpResponse<String> response = client.post(REQUEST.replace("bob", "broken"));
            redis.del(key);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body())
                    .isEqualTo("{\"detail\":\"The online store could not be read. The server's log says why.\"}");
        }
    }

    @Test
    void isHealthyAndReadyOnlyIfItsStoresAnswer() throws IOException {
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
        assertThat(client.get("/health").body()).isEmpty();
        assertThat(client.get("/ready").body())
                .isEqualTo(
                        "{\"ready\":true,\"definitions\":\"loaded\",\"registry\":\"answers\",\"online_store\":\"answers\"}");

        String nowhere = "127.0.0.1:" + freePort();
        try (OnlineStore noStore = RedisOnlineStore.connect("redis://" + nowhere);
                Postgres noPostgres = Postgres.connect("jdbc:postgresql://" + nowhere + "/tidemark", "ann", "secret");
                FeatureServer lonely = start(noPostgres, noStore)) {
            TestClient lonelyClient = new TestClient(lonely.url());

            assertThat(lonelyClient.get("/health").statusCode()).isEqualTo(503);
            assertThat(lonelyClient.get("/health").body()).isEmpty();
            assertThat(lonelyClient.head("/health").statusCode()).isEqualTo(503);
            assertThat(lonelyClient.head("/ready").statusCode()).isEqualTo(503);
            HttpResponse<String> ready = lonelyClient.get("/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .isEqualTo("{\"ready\":false,\"definitions\":\"not loaded\",\"registry\":\"does not answer\","
                            + "\"online_store\":\"does not answer\"}");
            assertThat(lonelyClient.post(REQUEST).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void countsItsRequests() {
        assertThat(client.post("{}").statusCode()).isEqualTo(422);
        client.get("/made-up/1");
        client.get("/made-up/2");

        await().atMost(SOON).untilAsserted(() -> assertThat(
                        client.get("/metrics").body())
                .contains("feature_store_api_requests_total{endpoint=\"/get-online-features\",method=\"POST\","
                        + "status=\"422\"} 1.0")
                .contains("feature_store_api_requests_total{endpoint=\"unmatched\",method=\"unmatched\","
                        + "status=\"404\"} 2.0")
                .contains("feature_store_api_latency_seconds_bucket{endpoint=\"/get-online-features\",method=\"POST\","
                        + "le=\"0.001\"}")
                .contains("jvm_memory_used_bytes")
                .doesNotContain("made-up"));
    }

    @Test
    void saysThatAPortIsTaken() {
        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> FeatureServer.start(
                        new FeatureServer.Config("127.0.0.1", server.port()),
                        new RegistryDefinitions(postgres),
                        store,
                        Clock.systemUTC()))
                .withMessageStartingWith(
                        "Could not listen on port " + server.port() + " of 127.0.0.1: another program has it");
    }

    @ParameterizedTest
    @CsvSource({"no.such.host.invalid, there is no host of that name", "192.0.2.1, not an address of this machine"})
    void saysThatAHostIsNotThisMachine(String host, String reason) {
        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> FeatureServer.start(
                        new FeatureServer.Config(host, 0), new RegistryDefinitions(postgres), store, Clock.systemUTC()))
                .withMessageContaining(reason);
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureServer.Config("127.0.0.1", 65_536))
                .withMessage("The port is 65536, but must be from 0 to 65535.");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
