package dev.tidemark.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.FrontierPart;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.MarkLook;
import dev.tidemark.stores.OnlineResult;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineWrite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedRequestsTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();

    private static FeatureServer server;
    private static TestClient client;

    @BeforeAll
    static void start() {
        server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0),
                () -> DEFINITIONS,
                new InMemoryOnlineStore(),
                Clock.systemUTC());
        client = new TestClient(server.url());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    400 | ''                                                   | The body is empty. The body must be a JSON object
                    400 | {"features"                                          | line 1, column
                    400 | {                                                    | close marker for Object (line 1, column
                    400 | {} {}                                                | not JSON
                    400 | {"features": ["activity"], "features": []}           | Duplicate field 'features'
                    422 | []                                                   | must be a JSON object
                    422 | null                                                 | must be a JSON object
                    422 | {}                                                   | entities must be an object with a list for each join key
                    422 | {"entities": {"user": ["a"]}}                        | Say what you want
                    422 | {"features": [], "entities": {"user": ["a"]}}        | features must be a list such as
                    422 | {"features": "activity", "entities": {"user": []}}   | not "activity"
                    422 | {"features": [1], "entities": {"user": ["a"]}}       | must contain strings, not 1
                    422 | {"features": ["a:b:c"], "entities": {"user": ["a"]}} | 'a:b:c' is not of the form view:feature
                    422 | {"features": ["a@x:c"], "entities": {"user": ["a"]}} | 'a@x:c' is not of the form
                    422 | {"features": [""], "entities": {"user": ["a"]}}      | '' is not of the form
                    422 | {"feature_service": 7, "entities": {"user": ["a"]}}  | must be the name of a feature service, not 7
                    404 | {"feature_service": "x", "entities": {"user": []}}   | no feature service 'x'. There are: model.
                    404 | {"features": ["x:y"], "entities": {"user": []}}      | no feature view 'x'. There are: activity@1, pages@1, pages@2, places@1.
                    404 | {"features": ["pages@3"], "entities": {"user": []}}  | no feature view 'pages@3'
                    404 | {"features": ["pages:x"], "entities": {"user": []}}  | The feature view pages@2 has no feature 'x'. It has: added.
                    422 | {"features": ["pages"], "entities": {}}              | lacks the join key 'user' of the entity editor
                    422 | {"features": ["places"], "entities": {"lot": [1]}}   | lacks the join key 'indoors' of the entity place, which has: indoors, lot, since. It was given: lot.
                    422 | {"features": ["pages"], "entities": {"user": "a"}}   | entities.user is "a"
                    422 | {"features": ["pages"], "entities": ["a"]}           | entities[0] is "a"
                    422 | {"features": ["pages"], "entities": "a"}             | it is "a"
                    422 | {"features": ["pages"], "entities": []}              | lacks the join key 'user'
                    422 | {"features": ["pages"], "entities": {"user": ["a"], "usr": ["a"]}}       | 'usr', which is not a join key of any entity. The features asked for need: user.
                    422 | {"features": ["pages"], "entities": {"user": ["a"], "lot": [1, 2]}}      | one length, but they are: {user=1, lot=2}
                    422 | {"features": ["pages"], "entities": [{"user": "a"}, {"lot": 1}]}         | entities[0] has [user] and entities[1] has [lot]
                    422 | {"features": ["pages"], "entities": [{"user": "a"}, {}]}                 | entities[1] has []
                    422 | {"features": ["pages"], "entities": {"user": ["a", 7]}}                  | is a string, but in row 1 it is 7
                    422 | {"features": ["pages"], "entities": {"user": [null]}}                    | is a string, but in row 0 it is null
                    422 | {"features": ["pages"], "entities": {"user": ["\\ud800"]}}                | is a string, but in row 0 it is
                    422 | {"features": ["places"], "entities": {"lot": ["1"], "indoors": [true], "since": ["1970-01-01T00:00:00Z"]}}                  | is a whole number of 64 bits, but in row 0 it is "1"
                    422 | {"features": ["places"], "entities": {"lot": [1.5], "indoors": [true], "since": ["1970-01-01T00:00:00Z"]}}                  | it is 1.5
                    422 | {"features": ["places"], "entities": {"lot": [9223372036854775808], "indoors": [true], "since": ["1970-01-01T00:00:00Z"]}}  | it is 9223372036854775808
                    422 | {"features": ["places"], "entities": {"lot": [1], "indoors": ["true"], "since": ["1970-01-01T00:00:00Z"]}}                  | is true or false, but
                    422 | {"features": ["places"], "entities": {"lot": [1], "indoors": [true], "since": ["yesterday"]}}                               | is an instant such as
                    422 | {"features": ["places"], "entities": {"lot": [1], "indoors": [true], "since": ["+999999999-01-01T00:00:00Z"]}}              | is an instant such as
                    422 | {"features": ["activity:size", "pages@1:size"], "entities": {"user": ["a"]}}                                                | named 'size', one of them for pages@1:size. Set full_feature_names to true
                    422 | {"features": ["pages@1:added", "pages@2:added"], "full_feature_names": true, "entities": {"user": ["a"]}}                   | named 'pages__added', one of them for pages@2:added. Ask for them in two requests
                    422 | {"features": ["pages"], "full_feature_names": "yes", "entities": {"user": ["a"]}}                                           | must be true or false, not "yes"
                    422 | {"features": ["pages"], "include_positions": 1, "entities": {"user": ["a"]}}                     | include_positions must be true or false, not 1
                    422 | {"features": ["pages"], "wait_for": 5, "entities": {"user": ["a"]}}                              | wait_for must be an object such as
                    422 | {"features": ["pages"], "wait_for": {}, "entities": {"user": ["a"]}}                             | wait_for.offsets is missing
                    422 | {"features": ["pages"], "wait_for": {"offsets": {}}, "entities": {"user": ["a"]}}                | wait_for.offsets is {}
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edits": 7}}, "entities": {"user": ["a"]}} | wait_for.offsets.wiki-edits is 7
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edits": {"x": 7}}}, "entities": {"user": ["a"]}}                     | the partition 'x', which is not a number
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edits": {"0": -7}}}, "entities": {"user": ["a"]}}                    | wait_for.offsets.wiki-edits.0 must be a whole number from 0 on, but is -7
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edit": {"0": 7}}}, "entities": {"user": ["a"]}}                      | the topic 'wiki-edit', which none of the views asked for reads. They read: wiki-edits.
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edits": {"0": 7}}, "timeout": 5}, "entities": {"user": ["a"]}}       | it has no field 'timeout'
                    422 | {"features": ["pages"], "wait_for": {"offsets": {"wiki-edits": {"0": 7}}, "timeout_ms": 30001}, "entities": {"user": []}}   | wait_for.timeout_ms must be a whole number from 0 to 30000, but is 30001
                    """)
    void saysWhatIsWrongAndWhatExists(int status, String body, String detail) {
        HttpResponse<String> response = client.post(body);

        assertThat(TestClient.detail(response)).as(response.body()).contains(detail);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body())
                .doesNotContain("Exception")
                .doesNotContain("\\tat ")
                .doesNotContain("dev.tidemark");
    }

    @Test
    void refusesBytesThatAreNotText() {
        HttpResponse<String> response =
                client.post(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestClient.detail(response)).contains("The body is not JSON");
    }

    @Test
    void refusesDeepNesting() {
        HttpResponse<String> response = client.post("[".repeat(100_000));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestClient.detail(response)).contains("The body is not JSON");
    }

    @Test
    void refusesALargeBodyAndManyRows() {
        HttpResponse<String> large = client.post(new byte[FeatureServer.MAX_BODY_BYTES + 1]);
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(TestClient.detail(large)).contains("larger than 8388608 bytes");

        HttpResponse<String> unannounced = client.send(client.request("/get-online-features")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(new byte[FeatureServer.MAX_BODY_BYTES + 1]))));
        assertThat(unannounced.statusCode()).isEqualTo(413);

        String keys = "\"a\",".repeat(EntityTable.MAX_ROWS) + "\"a\"";
        HttpResponse<String> many =
                client.post("{\"features\": [\"pages\"], \"entities\": {\"user\": [" + keys + "]}}");
        assertThat(many.statusCode()).isEqualTo(422);
        assertThat(TestClient.detail(many)).contains("entities has 10001 rows");
    }

    @Test
    void refusesToWaitForManyPartitions() {
        assertThat(waitFor("\"wiki-edits\": {" + partitions(WaitFor.MAX_PARTITIONS) + "}")
                        .statusCode())
                .as("nobody wrote these records")
                .isEqualTo(504);

        HttpResponse<String> many =
                waitFor("\"wiki-edits\": {" + partitions(600) + "}, \"wiki-visits\": {" + partitions(401) + "}");
        assertThat(many.statusCode()).isEqualTo(422);
        assertThat(TestClient.detail(many))
                .isEqualTo("wait_for.offsets has 1001 partitions; one request may have 1000. "
                        + "Name only those with records that you wait for, or send several requests.");
    }

    private static HttpResponse<String> waitFor(String offsets) {
        return client.post("{\"features\": [\"pages\"], \"entities\": {\"user\": [\"a\"]}, "
                + "\"wait_for\": {\"timeout_ms\": 0, \"offsets\": {" + offsets + "}}}");
    }

    private static String partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> "\"" + partition + "\": 1")
                .collect(Collectors.joining(", "));
    }

    @Test
    void cutsLongValuesInItsMessages() {
        String longName = "x".repeat(10_000);

        HttpResponse<String> response = client.post(
                "{\"features\": [\"pages\"], \"entities\": {\"user\": [\"a\"], \"" + longName + "\": [1]}}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).hasSizeLessThan(500);
    }

    @Test
    void knowsItsPathsAndTheirMethods() {
        HttpResponse<String> nothing = client.get("/features");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(TestClient.detail(nothing)).contains("nothing at /features").contains("POST /get-online-features");

        HttpResponse<String> method = client.get("/get-online-features");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(TestClient.detail(method)).isEqualTo("GET is not possible at /get-online-features.");

        HttpResponse<String> odd = client.send(client.request("/health").method("BREW", BodyPublishers.noBody()));
        assertThat(odd.statusCode()).isBetween(404, 501);
        assertThat(odd.body()).doesNotContain("Exception");
    }

    @Test
    void answersWhatIsNotHttpWithoutAStackTrace() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write("GET /%zz\u0001 HTTP/1.1\r\nHost:\r\n\r\n".getBytes(ISO_8859_1));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("Exception")
                    .doesNotContain("\tat ");
        }
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{name}", "{name}:x", "pages:{name}", "a@b@{name}"})
    void quotesALongNameInPart(String reference) {
        String name = "n".repeat(100_000);
        HttpResponse<String> response = client.post(
                "{\"features\": [\"" + reference.replace("{name}", name) + "\"], \"entities\": {\"user\": [\"a\"]}}");

        assertThat(response.statusCode()).isBetween(404, 422);
        assertThat(response.body()).contains("nnn...").hasSizeLessThan(1_000);
    }

    @Test
    void hidesWhatWentWrongInside() {
        OnlineStore broken = new OnlineStore() {
            @Override
            public OnlineResult put(Epoch epoch, List<OnlineWrite> writes) {
                throw new IllegalStateException("secret");
            }

            @Override
            public List<OnlineRow> find(List<Lookup> lookups) {
                throw new IllegalStateException("secret");
            }

            @Override
            public void scan(FeatureView view, BiConsumer<String, OnlineRow> rows) {
                throw new IllegalStateException("secret");
            }

            @Override
            public boolean advance(FeatureView view, int member, FrontierPart before, FrontierPart part) {
                throw new IllegalStateException("secret");
            }

            @Override
            public List<Frontier> frontiers(List<FeatureView> views) {
                throw new IllegalStateException("secret");
            }

            @Override
            public long size() {
                return 0;
            }

            @Override
            public long mark(MarkLook look) {
                return 0;
            }

            @Override
            public String evictionPolicy() {
                return null;
            }

            @Override
            public void ping() {}

            @Override
            public void close() {}
        };
        try (FeatureServer failing = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), () -> DEFINITIONS, broken, Clock.systemUTC())) {
            TestClient asking = new TestClient(failing.url());
            String waiting = "\"wait_for\": {\"offsets\": {\"wiki-edits\": {\"0\": 1}}}, ";
            for (String wait : List.of("", waiting)) {
                HttpResponse<String> response =
                        asking.post("{" + wait + "\"features\": [\"pages\"], \"entities\": {\"user\": [\"a\"]}}");

                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body())
                        .isEqualTo("{\"detail\":\"The server failed to answer. Its log says why.\"}");
            }
        }
    }
}
