package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineWrite;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GetOnlineFeaturesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Definitions DEFINITIONS = TestDefinitions.activity();
    private static final OnlineStore STORE = new InMemoryOnlineStore();

    private static FeatureServer server;
    private static TestClient client;

    @BeforeAll
    static void start() {
        server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), () -> DEFINITIONS, STORE, Clock.fixed(NOW, ZoneOffset.UTC));
        client = new TestClient(server.url());
        // Ann was seen 90 s ago, Bob exactly a ttl ago, Cid a millisecond longer ago.
        write("activity", 1, "ann", NOW.minusSeconds(90), 1L, 4L, 0.1);
        write("activity", 1, "bob", NOW.minus(Duration.ofHours(1)), 0L, 0L, null);
        write("activity", 1, "cid", NOW.minus(Duration.ofHours(1)).minusMillis(1), 1L, 1L, 1.0);
        Instant at = Instant.parse("2026-01-01T11:00:00.5Z");
        write(
                "pages",
                1,
                "ann",
                at,
                2e-3,
                Long.MAX_VALUE,
                "Ünï \"x\"\n\uD83D\uDE00",
                at,
                true,
                new BigDecimal("1.10"),
                new byte[] {0, -1});
        write("pages", 2, "ann", at, -7L);
        FeatureView places = DEFINITIONS.view("places").orElseThrow();
        String lot = JoinKeys.encode(places.entity(), List.of(17L, true, Instant.EPOCH));
        STORE.put(Epoch.byHand(places, 1), List.of(new OnlineWrite(places, lot, row(at, 3L))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersInTheOrderAskedJoinKeysFirst() {
        JsonNode answer = ok(
                """
                {"features": ["activity:edits_1h", "activity:edits_10m"], "entities": {"user": ["ann", "nobody"]}}""");

        assertThat(answer.path("metadata").toString())
                .isEqualTo("{\"feature_names\":[\"user\",\"edits_1h\",\"edits_10m\"]}");
        assertThat(answer.path("results").get(0).toString())
                .isEqualTo("{\"values\":[\"ann\",\"nobody\"],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
                        + "\"event_timestamps\":[\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00Z\"]}");
        assertThat(answer.path("results").get(1).toString())
                .isEqualTo("{\"values\":[4,null],\"statuses\":[\"PRESENT\",\"NOT_FOUND\"],"
                        + "\"event_timestamps\":[\"2026-01-01T11:58:30Z\",\"1970-01-01T00:00:00Z\"]}");
        assertThat(answer.path("results")).hasSize(3);
    }

    @Test
    void tellsNullUnknownAndTooOldApart() {
        JsonNode answer = ok(
                """
                {"features": ["activity:size", "activity:burst"], "entities": {"user": ["ann", "bob", "cid", "dee"]}}""");

        assertThat(column(answer, 1, "values")).isEqualTo("[0.1,null,null,null]");
        assertThat(column(answer, 1, "statuses"))
                .isEqualTo("[\"PRESENT\",\"NULL_VALUE\",\"OUTSIDE_MAX_AGE\",\"NOT_FOUND\"]");
        assertThat(column(answer, 1, "event_timestamps"))
                .isEqualTo("[\"2026-01-01T11:58:30Z\",\"2026-01-01T11:00:00Z\","
                        + "\"2026-01-01T10:59:59.999Z\",\"1970-01-01T00:00:00Z\"]");
        assertThat(column(answer, 2, "values")).isEqualTo("[0.25,0.0,null,null]");
        assertThat(column(answer, 2, "statuses"))
                .isEqualTo("[\"PRESENT\",\"PRESENT\",\"OUTSIDE_MAX_AGE\",\"NOT_FOUND\"]");
    }

    @Test
    void computesDerivedFeaturesAtTheRead() {
        JsonNode answer = ok(
                """
                {"features": ["activity:idle_s", "activity:who"], "entities": {"user": ["ann"]}}""");

        assertThat(column(answer, 1, "values")).isEqualTo("[90]");
        assertThat(column(answer, 2, "values")).isEqualTo("[\"user ann\"]");
    }

    @Test
    void answersAFeatureServiceEvenIfFeaturesAreListedToo() {
        JsonNode answer = ok(
                """
                {"feature_service": "model", "features": ["no:such"], "entities": {"user": ["ann"]}}""");

        assertThat(answer.path("metadata").path("feature_names").toString())
                .isEqualTo("[\"user\",\"burst\",\"page\",\"edits_1h\"]");
        assertThat(column(answer, 1, "values")).isEqualTo("[0.25]");
    }

    @Test
    void takesABareViewAndAVersion() {
        assertThat(names("[\"activity\"]"))
                .isEqualTo("[\"user\",\"edits_10m\",\"edits_1h\",\"size\",\"burst\",\"idle_s\",\"who\"]");
        assertThat(names("[\"pages\"]")).as("the greatest version").isEqualTo("[\"user\",\"added\"]");
        assertThat(names("[\"pages@1:price\", \"pages@2\", \"pages@2:added\"]"))
                .isEqualTo("[\"user\",\"price\",\"added\"]");
        assertThat(column(ok("{\"features\": [\"pages@2:added\"], \"entities\": {\"user\": [\"ann\"]}}"), 1, "values"))
                .isEqualTo("[-7]");
    }

    @Test
    void writesEveryTypeAsJsonHasIt() {
        String body = client.post("{\"features\": [\"pages@1\"], \"entities\": {\"user\": [\"ann\"]}}")
                .body();

        assertThat(body)
                .contains("\"values\":[0.002]")
                .contains("\"values\":[9223372036854775807]")
                .contains("\"values\":[\"Ünï \\\"x\\\"\\n\uD83D\uDE00\"]")
                .contains("\"values\":[\"2026-01-01T11:00:00.500Z\"]")
                .contains("\"values\":[true]")
                .contains("\"values\":[1.10]")
                .contains("\"values\":[\"AP8=\"]");
    }

    @Test
    void namesColumnsByViewWhenAsked() {
        JsonNode answer = ok(
                """
                {"features": ["activity:size", "pages@1:size"], "full_feature_names": true, "entities": {"user": ["ann"]}}""");

        assertThat(answer.path("metadata").path("feature_names").toString())
                .isEqualTo("[\"user\",\"activity__size\",\"pages__size\"]");
    }

    @Test
    void readsViewsOfDifferentEntitiesTogether() {
        JsonNode answer = ok(
                """
                {"features": ["places:visits", "activity:edits_1h"],
                 "entities": {"lot": [17, 17], "user": ["ann", "nobody"], "indoors": [true, false],
                              "since": ["1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00Z"]}}""");

        assertThat(answer.path("metadata").path("feature_names").toString())
                .isEqualTo("[\"lot\",\"user\",\"indoors\",\"since\",\"visits\",\"edits_1h\"]");
        assertThat(column(answer, 4, "values")).isEqualTo("[3,null]");
        assertThat(column(answer, 5, "values")).isEqualTo("[4,null]");
    }

    @Test
    void takesEntitiesAsRowsTooAndKeysThatAreNotNeeded() {
        JsonNode answer = ok(
                """
                {"features": ["activity:edits_1h"], "entities": [{"user": "ann", "lot": 1}, {"lot": 2, "user": "bob"}]}""");

        assertThat(column(answer, 0, "values")).isEqualTo("[\"ann\",\"bob\"]");
        assertThat(column(answer, 1, "values")).isEqualTo("[1,2]");
        assertThat(column(answer, 2, "values")).isEqualTo("[4,0]");
    }

    @Test
    void answersARepeatedEntityInEveryRowAndNoEntityWithNothing() {
        assertThat(column(
                        ok("{\"features\": [\"activity:edits_1h\"], \"entities\": {\"user\": [\"ann\", \"ann\"]}}"),
                        1,
                        "values"))
                .isEqualTo("[4,4]");
        assertThat(ok("{\"features\": [\"activity:edits_1h\"], \"entities\": {\"user\": []}}")
                        .path("results")
                        .get(1)
                        .toString())
                .isEqualTo("{\"values\":[],\"statuses\":[],\"event_timestamps\":[]}");
    }

    @Test
    void measuresReadsAndHowFreshTheRowsAre() {
        ok("{\"features\": [\"places\"], \"entities\": {\"lot\": [17, 18], \"indoors\": [true, true],"
                + " \"since\": [\"1970-01-01T00:00:00Z\", \"1970-01-01T00:00:00Z\"]}}");
        String metrics = client.get("/metrics").body();

        // The only row of places is 3,599.5 s old.
        assertThat(metrics)
                .contains("feature_store_feature_freshness_seconds_bucket{view=\"places@1\",le=\"600.0\"} 0")
                .containsPattern(
                        "feature_store_feature_freshness_seconds_bucket[{]view=\"places@1\",le=\"3600.0\"[}] [1-9]")
                .containsPattern("feature_store_db_query_duration_seconds_count [1-9]");
    }

    private static String names(String features) {
        return ok("{\"features\": " + features + ", \"entities\": {\"user\": [\"ann\"]}}")
                .path("metadata")
                .path("feature_names")
                .toString();
    }

    private static JsonNode ok(String body) {
        HttpResponse<String> response = client.post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return TestClient.json(response);
    }

    private static String column(JsonNode answer, int index, String member) {
        return answer.path("results").get(index).path(member).toString();
    }

    private static void write(String view, int version, String user, Instant lastEvent, Object... values) {
        FeatureView found = DEFINITIONS.view(view, version).orElseThrow();
        STORE.put(
                Epoch.byHand(found, 1),
                List.of(new OnlineWrite(
                        found, JoinKeys.encode(found.entity(), List.of(user)), row(lastEvent, values))));
    }

    private static FeatureRow row(Instant lastEvent, Object... values) {
        long time = lastEvent.toEpochMilli();
        return new FeatureRow(Arrays.asList(values), time + 1, FeatureRow.NEVER, time);
    }
}
