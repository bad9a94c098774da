package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.serving.FeatureServer;
import dev.tidemark.serving.RegistryDefinitions;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Whoever produces a record and waits for its offset reads what it did, whatever that was, from a real job. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WaitForIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 2;
    private static final int CARDS = 5;
    private static final long START = 1_700_000_000_000L;
    private static final int PATIENT = 30_000;
    private static final Duration START_TIME = Duration.ofMinutes(2);
    private static final String DEFINITIONS =
            """
            kind: Source
            name: payments
            kafka: { topic: payments, format: json }
            schema: { ts: long, card: string, test: boolean }
            event_time: { column: ts, unit: millis }
            allowed_lateness: 2s
            ---
            kind: Entity
            name: card
            keys: { card: string }
            ---
            kind: FeatureView
            name: cards
            version: 1
            entity: card
            source: payments
            where: "!test"
            features:
              - { name: payments, aggregate: count }
            """;

    private final long[] written = new long[CARDS];
    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;
    private Postgres postgres;
    private RedisOnlineStore online;
    private Definitions definitions;
    private KafkaProducer<byte[], byte[]> producer;
    private FeatureServer server;
    private JobClient job;
    private long time = START;

    @BeforeAll
    void start() throws Exception {
        sandbox = Sandbox.builder().flink(true).flinkSlots(2).start();
        sandbox.createTopic("payments", PARTITIONS);
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
        online = RedisOnlineStore.connect(sandbox.redisUri());
        definitions = DefinitionReader.read(List.of(new DefinitionReader.Text("test", DEFINITIONS)));
        Registry.open(postgres).apply(definitions);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, sandbox.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), new RegistryDefinitions(postgres), online, Clock.systemUTC());
        submit(2, new Configuration());
        // A job takes its time to start, and no request waits for that long.
        RecordMetadata first = pay(0, 0);
        await().atMost(START_TIME).until(() -> read(0, first, 1_000).statusCode() == 200);
    }

    @AfterAll
    void stop() {
        server.close();
        producer.close();
        online.close();
        postgres.close();
        sandbox.close();
    }

    @Test
    @Order(1)
    void everyWriteIsRead() throws Exception {
        for (int i = 0; i < 60; i++) {
            int card = i % CARDS;
            RecordMetadata place = pay(card, i % PARTITIONS);
            HttpResponse<String> response = read(card, place, PATIENT);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(payments(response)).isEqualTo(written[card]);
            JsonNode position = JSON.readTree(response.body()).at("/metadata/positions/cards@1/0/payments");
            assertThat(position.path("" + place.partition()).longValue()).isEqualTo(place.offset());
        }
    }

    @Test
    @Order(2)
    void recordsThatDoNotConcernTheEntityReleaseTheWait() throws Exception {
        List<RecordMetadata> places = List.of(
                send(0, "{\"ts\": " + time + ", \"card\": \"card-0\", \"test\": true}"),
                send(1, "{\"ts\": " + (START - 60_000) + ", \"card\": \"card-0\", \"test\": false}"),
                send(0, "nonsense"),
                pay(1, 1));
        for (RecordMetadata place : places) {
            HttpResponse<String> response = read(0, place, PATIENT);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(payments(response)).isEqualTo(written[0]);
        }
        HttpResponse<String> unknown = read(CARDS, places.get(3), PATIENT);
        assertThat(unknown.statusCode()).isEqualTo(200);
        assertThat(unknown.body()).contains("NOT_FOUND");
    }

    @Test
    @Order(3)
    void isStillSoAfterARestartWithAnotherParallelism() throws Exception {
        RecordMetadata before = pay(2, 0);
        Configuration savepoint = new Configuration();
        savepoint.set(
                StateRecoveryOptions.SAVEPOINT_PATH,
                job.stopWithSavepoint(false, null, SavepointFormatType.CANONICAL)
                        .get());
        RecordMetadata between = pay(2, 1);
        submit(1, savepoint);
        await().atMost(START_TIME).until(() -> read(2, between, 1_000).statusCode() == 200);

        for (RecordMetadata place : List.of(between, before)) {
            // Of a card that was never written: only the job itself can say that nothing is missing, of a partition
            // that is quiet now too.
            HttpResponse<String> unknown = read(CARDS, place, PATIENT);
            assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(200);
            assertThat(payments(read(2, place, PATIENT))).isEqualTo(written[2]);
        }
        RecordMetadata after = pay(3, 0);
        assertThat(payments(read(3, after, PATIENT))).isEqualTo(written[3]);
    }

    @Test
    @Order(4)
    void aJobThatIsStoppedIsNotWaitedForForEver() throws Exception {
        RecordMetadata last = pay(0, 1);
        assertThat(read(0, last, PATIENT).statusCode()).isEqualTo(200);
        job.cancel().get();
        RecordMetadata lost = pay(0, 1);

        HttpResponse<String> response = read(0, lost, 300);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(504);
        JsonNode lag = JSON.readTree(response.body()).path("behind").path(0);
        assertThat(lag.path("view").textValue()).isEqualTo("cards@1");
        assertThat(lag.path("topic").textValue()).isEqualTo("payments");
        assertThat(lag.path("partition").intValue()).isEqualTo(1);
        assertThat(lag.path("wanted").longValue()).isEqualTo(lost.offset());
        assertThat(lag.path("reached").longValue()).isBetween(0L, last.offset());
        assertThat(payments(read(0, last, 0))).as("what was in stays in").isEqualTo(written[0] - 1);
    }

    private void submit(int parallelism, Configuration settings) throws Exception {
        StreamExecutionEnvironment environment = sandbox.flink().environment();
        environment.configure(settings);
        environment.setParallelism(parallelism);
        new FeatureJob(
                        definitions,
                        new FeatureJob.Connections(
                                sandbox.kafkaBootstrap(), sandbox.postgresJdbcUrl(), null, null, sandbox.redisUri()),
                        KafkaSources.StartFrom.EARLIEST)
                .addTo(environment);
        job = environment.executeAsync("wait-for");
    }

    private RecordMetadata pay(int card, int partition) throws Exception {
        written[card]++;
        time += 100;
        return send(partition, "{\"ts\": " + time + ", \"card\": \"card-" + card + "\", \"test\": false}");
    }

    private RecordMetadata send(int partition, String record) throws Exception {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>("payments", partition, null, bytes))
                .get();
    }

    private HttpResponse<String> read(int card, RecordMetadata place, int millis) throws Exception {
        String body = "{\"features\": [\"cards:payments\"], \"entities\": {\"card\": [\"card-" + card
                + "\"]}, \"include_positions\": true, \"wait_for\": {\"offsets\": {\"payments\": {\""
                + place.partition() + "\": " + place.offset() + "}}, \"timeout_ms\": " + millis + "}}";
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/get-online-features"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static long payments(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body()).at("/results/1/values/0").longValue();
    }
}
