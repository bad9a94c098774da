package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.serving.FeatureServer;
import dev.tidemark.serving.RegistryDefinitions;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Follows events all the way: Kafka, the job, both stores and the HTTP answer, for the payments example and a log with disorder,
 * late events and broken records. Every value is compared with the oracle's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EndToEndIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** How much later than its time the online row of a quiet entity may be replaced, and then some for a slow machine. */
    private static final long SLACK = 5_000;

    private final PaymentsLog log = new PaymentsLog(PARTITIONS, 4_000, System.currentTimeMillis());
    private final String topic = TestBackends.newTopic("payments", PARTITIONS);
    private final String database = TestBackends.newDatabase();
    private final Postgres postgres = Postgres.connect(database, null, null);
    private final PostgresHistoryStore history = new PostgresHistoryStore(postgres);
    private final String redis = TestBackends.newOnlineDatabase();
    private final RedisOnlineStore online = RedisOnlineStore.connect(redis);
    private Definitions definitions;
    private JobClient job;
    private FeatureServer server;

    @BeforeAll
    void start() throws Exception {
        definitions = paymentsOn(topic);
        Registry.open(postgres).apply(definitions);
        log.publish(TestBackends.shared().kafkaBootstrap(), topic);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
        environment.enableCheckpointing(1_000);
        new FeatureJob(
                        definitions,
                        new FeatureJob.Connections(TestBackends.shared().kafkaBootstrap(), database, null, null, redis),
                        KafkaSources.StartFrom.EARLIEST)
                .addTo(environment);
        job = environment.executeAsync("end-to-end");
        server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), new RegistryDefinitions(postgres), online, Clock.systemUTC());
    }

    @AfterAll
    void stop() throws Exception {
        if (job != null) {
            job.cancel().get();
        }
        if (server != null) {
            server.close();
        }
        online.close();
        postgres.close();
    }

    @Test
    void historyIsTheOraclesToTheLastBit() {
        for (FeatureView view : definitions.views()) {
            SortedMap<String, List<FeatureRow>> expected = Oracle.of(view, log.readable())
                    .historyUntil(log.settledInstant(view.source().allowedLateness()));
            long rows = expected.values().stream().mapToLong(List::size).sum();
            await().atMost(PATIENCE).until(() -> history.count(view) >= rows);
            assertThat(history.count(view)).isEqualTo(rows);
            expected.forEach((key, row) -> assertThat(content(history.rows(view, key)))
                    .as(view.id() + key)
                    .isEqualTo(content(row)));
        }
    }

    @Test
    void answersAreTheOraclesOfTheMoment() throws Exception {
        for (FeatureView view : definitions.views()) {
            Oracle oracle = Oracle.of(view, log.readable());
            List<String> keys = List.copyOf(oracle.keys());
            await().atMost(PATIENCE).untilAsserted(() -> assertNewestAreServed(view, oracle, keys));
            long before = System.currentTimeMillis();
            JsonNode answer = ask(view, keys);
            long after = System.currentTimeMillis();
            for (int i = 0; i < keys.size(); i++) {
                assertThat(oracleRows(oracle, keys.get(i), before - SLACK, after))
                        .as(view.id() + keys.get(i))
                        .contains(values(view, answer, i));
            }
        }
    }

    @Test
    void brokenAndLateRecordsAreInTheDeadLetterTopic() {
        Map<String, String> reasons = new HashMap<>();
        await().atMost(PATIENCE).until(() -> {
            reasons.putAll(log.deadLetters(TestBackends.shared().kafkaBootstrap(), DeadLetterTopics.of(topic)));
            return reasons.size() >= log.refused().size();
        });
        assertThat(reasons).isEqualTo(log.refused());
    }

    private void assertNewestAreServed(FeatureView view, Oracle oracle, List<String> keys) {
        List<FeatureRow> rows = online.get(view, keys);
        for (int i = 0; i < keys.size(); i++) {
            List<FeatureRow> expected = oracle.history(keys.get(i));
            long newest = expected.get(expected.size() - 1).lastEventTime();
            assertThat(rows.get(i)).as(view.id() + keys.get(i)).isNotNull();
            assertThat(rows.get(i).lastEventTime())
                    .as(view.id() + keys.get(i) + ": " + rows.get(i))
                    .isEqualTo(newest);
        }
    }

    private static List<List<Object>> oracleRows(Oracle oracle, String key, long from, long to) {
        List<List<Object>> rows = new ArrayList<>();
        oracle.rowAt(key, from).ifPresent(row -> rows.add(row.values()));
        oracle.history(key).stream()
                .filter(row -> row.validFrom() > from && row.validFrom() <= to)
                .forEach(row -> rows.add(row.values()));
        return rows;
    }

    private JsonNode ask(FeatureView view, List<String> keys) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        view.features().forEach(feature -> body.withArray("/features").add(view.name() + ":" + feature.name()));
        String joinKey = view.entity().keyNames().get(0);
        for (String key : keys) {
            body.withObject("/entities").withArray("/" + joinKey).add((String)
                    JoinKeys.decode(view.entity(), key).get(0));
        }
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/get-online-features"))
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** One row of an answer as values of the features' types. */
    private static List<Object> values(FeatureView view, JsonNode answer, int row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < view.features().size(); i++) {
            JsonNode column = answer.get("results").get(view.entity().keys().size() + i);
            JsonNode value = column.get("values").get(row);
            String status = column.get("statuses").get(row).textValue();
            assertThat(status).isEqualTo(value.isNull() ? "NULL_VALUE" : "PRESENT");
            values.add(
                    switch (view.features().get(i).type().spelling()) {
                        case "long" -> value.isNull() ? null : (Object) value.longValue();
                        case "double" -> value.isNull() ? null : (Object) value.doubleValue();
                        case "boolean" -> value.isNull() ? null : (Object) value.booleanValue();
                        case "string" -> value.textValue();
                        default ->
                            throw new IllegalStateException("Not in the example: "
                                    + view.features().get(i).type().spelling());
                    });
        }
        return values;
    }

    private static List<List<Object>> content(List<FeatureRow> rows) {
        List<List<Object>> content = new ArrayList<>();
        for (FeatureRow row : rows) {
            List<Object> parts = new ArrayList<>(List.of(row.validFrom(), row.lastEventTime()));
            parts.addAll(row.values());
            content.add(parts);
        }
        return content;
    }

    private static Definitions paymentsOn(String topic) throws Exception {
        Path directory = Path.of("..", "feature-defs", "examples", "payments");
        List<DefinitionReader.Text> texts = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(file)
                        .replace("topic: payments", "topic: " + topic)
                        // A partition that falls idle would let history go on beyond what the test expects.
                        .replace("idle_timeout: 10s", "idle_timeout: 1h");
                texts.add(new DefinitionReader.Text(file.toString(), text));
            }
        }
        return DefinitionReader.read(texts);
    }
}
