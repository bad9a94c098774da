package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.KafkaSources.StartFrom;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.OnlineStore.Lookup;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FeatureJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static Sandbox sandbox;
    private static Postgres postgres;
    private static PostgresHistoryStore history;
    private static RedisOnlineStore online;

    private JobClient job;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.builder()
                .flink(true)
                .flinkSlots(2)
                .flinkConfiguration("execution.checkpointing.interval", "1s")
                .start();
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
        history = new PostgresHistoryStore(postgres);
        online = RedisOnlineStore.connect(sandbox.redisUri());
    }

    @AfterAll
    static void stop() {
        online.close();
        postgres.close();
        sandbox.close();
    }

    @AfterEach
    void cancel() throws Exception {
        if (job != null) {
            job.cancel().get();
        }
    }

    @Test
    void fillsBothStoresWithTheOraclesValues() throws Exception {
        Source source = TestViews.payments("payments");
        FeatureView cards = TestViews.byCard(source);
        FeatureView merchants = TestViews.byMerchant(source);
        sandbox.createTopic("payments", 2);
        List<LogEvent> log = PaymentLog.random(1, 400, 2, System.currentTimeMillis() - 3_600_000);

        try (KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "payments");
                KafkaLog deadLetters = new KafkaLog(sandbox.kafkaBootstrap(), DeadLetterTopics.of("payments"))) {
            log.forEach(event -> kafka.append(event.partition(), PaymentLog.json(event)));
            kafka.append(0, "nonsense");
            kafka.append(1, TestViews.payment(System.currentTimeMillis(), null, 1L, "DE", 1));
            kafka.append(0, null);
            kafka.flush();
            submit(TestViews.definitions(source, cards, merchants), "payments");

            Oracle oracle = Oracle.of(cards, log);
            awaitHistory(cards, oracle.historyUntil(settled(log)));
            awaitHistory(merchants, Oracle.of(merchants, log).historyUntil(settled(log)));
            awaitOnline(cards, oracle);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(metrics())
                    .anyMatch(name -> name.endsWith("ingest-payments.eventsAccepted"))
                    .anyMatch(name -> name.endsWith("ingest-payments.reason.missing_key.deadLetters"))
                    .anyMatch(name -> name.endsWith("view-card_payments@1.rowsSettled"))
                    .anyMatch(name -> name.endsWith("online-card_payments@1__Writer.freshnessMillis_p99"))
                    .anyMatch(name -> name.endsWith("history-card_payments@1__Writer.settledInstant")));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters.values())
                    .hasSize(oracle.late().size() + 3)
                    .filteredOn(letter -> !letter.contains("\"late\""))
                    .satisfiesExactlyInAnyOrder(
                            letter -> assertThat(letter)
                                    .contains(
                                            "\"topic\":\"payments\",\"partition\":0",
                                            "\"reason\":\"malformed\"",
                                            "\"size\":8",
                                            "\"bytes\":\"bm9uc2Vuc2U=\""),
                            letter -> assertThat(letter).contains("\"reason\":\"missing_key\"", "card is null"),
                            letter -> assertThat(letter).contains("\"bytes\":null")));
        }
    }

    @Test
    void goesOnAfterTheStoresWereAway() throws Exception {
        Source source = TestViews.payments("outage");
        FeatureView cards = TestViews.byCard(source);
        sandbox.createTopic("outage", 1);
        List<LogEvent> log = PaymentLog.random(2, 300, 1, System.currentTimeMillis() - 3_600_000);
        Oracle oracle = Oracle.of(cards, log);

        try (KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "outage")) {
            log.subList(0, 100).forEach(event -> kafka.append(0, PaymentLog.json(event)));
            kafka.flush();
            submit(TestViews.definitions(source, cards), "outage");
            awaitHistory(cards, Oracle.of(cards, log.subList(0, 100)).historyUntil(settled(log.subList(0, 100))));

            sandbox.postgres().stop();
            sandbox.redis().stop();
            log.subList(100, 300).forEach(event -> kafka.append(0, PaymentLog.json(event)));
            kafka.flush();
            sandbox.redis().start();
            awaitOnline(cards, oracle);
            sandbox.postgres().start();

            awaitHistory(cards, oracle.historyUntil(settled(log)));
            assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
        }
    }

    @Test
    void resumesWithMoreInstancesAsIfNothingHadHappened() throws Exception {
        Source source = TestViews.payments("resumed");
        FeatureView cards = TestViews.byCard(source);
        Definitions definitions = TestViews.definitions(source, cards);
        sandbox.createTopic("resumed", 2);
        List<LogEvent> before = PaymentLog.random(3, 200, 2, System.currentTimeMillis() - 3_600_000);
        List<LogEvent> log = new ArrayList<>(before);
        for (int partition = 0; partition < 2; partition++) {
            LogEvent last = last(before, partition);
            long late = greatest(before).get(partition) - TestViews.LATENESS.toMillis() - 1;
            log.add(new LogEvent(partition, last.offset() + 1, late, last.columns()));
            log.add(new LogEvent(partition, last.offset() + 2, late + 600_000, last.columns()));
        }
        Oracle oracle = Oracle.of(cards, log);

        try (KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "resumed")) {
            before.forEach(event -> kafka.append(event.partition(), PaymentLog.json(event)));
            kafka.flush();
            submit(definitions, "resumed", 1, new Configuration());
            awaitHistory(cards, Oracle.of(cards, before).historyUntil(settled(before)));

            Configuration savepoint = new Configuration();
            savepoint.set(
                    StateRecoveryOptions.SAVEPOINT_PATH,
                    job.stopWithSavepoint(false, null, SavepointFormatType.CANONICAL)
                            .get());
            log.subList(before.size(), log.size())
                    .forEach(event -> kafka.append(event.partition(), PaymentLog.json(event)));
            kafka.flush();
            submit(definitions, "resumed", 2, savepoint);

            awaitHistory(cards, oracle.historyUntil(settled(log)));
            awaitOnline(cards, oracle);
        }
        assertThat(oracle.late()).contains(log.get(before.size()), log.get(before.size() + 2));
    }

    /** No checkpoint comes between the events and the savepoint, so that all that is settled waits for it. */
    @Test
    void stopsWithAHistoryThatIsComplete() throws Exception {
        Source source = TestViews.payments("stopped");
        FeatureView cards = TestViews.byCard(source);
        sandbox.createTopic("stopped", 2);
        List<LogEvent> log = PaymentLog.random(4, 400, 2, System.currentTimeMillis() - 3_600_000);
        Oracle oracle = Oracle.of(cards, log);
        SortedMap<String, List<FeatureRow>> expected = oracle.historyUntil(settled(log));

        try (KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "stopped")) {
            Configuration rare = new Configuration();
            rare.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
            submit(TestViews.definitions(source, cards), "stopped", 2, rare);
            String checkpoints = "/jobs/" + job.getJobID() + "/checkpoints";
            await().atMost(PATIENCE)
                    .until(() ->
                            get(checkpoints).path("counts").path("completed").asInt() == 1);
            log.forEach(event -> kafka.append(event.partition(), PaymentLog.json(event)));
            kafka.flush();
            awaitOnline(cards, oracle);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(sum("view-" + cards.id() + ".rowsSettled"))
                    .isEqualTo(size(expected)));
            assertThat(history.count(cards)).isZero();

            job.stopWithSavepoint(false, null, SavepointFormatType.CANONICAL).get();
            job = null;
            awaitHistory(cards, expected);
        }
    }

    @Test
    void refusesATopicThatDoesNotExist() {
        Source source = TestViews.payments("no-such-topic");
        FeatureJob job = new FeatureJob(
                TestViews.definitions(source, TestViews.byCard(source)), connections(), StartFrom.EARLIEST);
        StreamExecutionEnvironment environment = sandbox.flink().environment();

        assertThatThrownBy(() -> job.addTo(environment))
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("The topic no-such-topic does not exist at " + sandbox.kafkaBootstrap());
    }

    private void submit(Definitions definitions, String name) throws Exception {
        submit(definitions, name, 2, new Configuration());
    }

    private void submit(Definitions definitions, String name, int parallelism, Configuration settings)
            throws Exception {
        Registry.open(postgres).apply(definitions);
        StreamExecutionEnvironment environment = sandbox.flink().environment();
        environment.configure(settings);
        environment.setParallelism(parallelism);
        new FeatureJob(definitions, connections(), StartFrom.EARLIEST).addTo(environment);
        job = environment.executeAsync(name);
    }

    /** The names of all metrics of the job, as Flink's REST interface gives them. */
    private List<String> metrics() throws Exception {
        String path = "/jobs/" + job.getJobID();
        List<String> names = new ArrayList<>();
        for (JsonNode vertex : get(path).path("vertices")) {
            String metrics = path + "/vertices/" + vertex.path("id").asText() + "/metrics";
            get(metrics).forEach(metric -> names.add(metric.path("id").asText()));
        }
        return names;
    }

    /** The sum of a counter over the subtasks of the operator that has it. */
    private long sum(String metric) throws Exception {
        String path = "/jobs/" + job.getJobID();
        long sum = 0;
        for (JsonNode vertex : get(path).path("vertices")) {
            String metrics = path + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
            sum += get(metrics + "?agg=sum&get=" + metric).path(0).path("sum").asLong();
        }
        return sum;
    }

    private static JsonNode get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(sandbox.flink().restUri().resolve(path)).build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static FeatureJob.Connections connections() {
        return new FeatureJob.Connections(
                sandbox.kafkaBootstrap(), sandbox.postgresJdbcUrl(), null, null, sandbox.redisUri());
    }

    /** The settled instant: the least over the partitions. */
    private static long settled(List<LogEvent> log) {
        return greatest(log).values().stream().mapToLong(Long::longValue).min().orElseThrow()
                - TestViews.LATENESS.toMillis();
    }

    private static Map<Integer, Long> greatest(List<LogEvent> log) {
        Map<Integer, Long> greatest = new LinkedHashMap<>();
        log.forEach(event -> greatest.merge(event.partition(), event.time(), Math::max));
        return greatest;
    }

    private static LogEvent last(List<LogEvent> log, int partition) {
        return log.stream()
                .filter(event -> event.partition() == partition)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static void awaitHistory(FeatureView view, SortedMap<String, List<FeatureRow>> expected) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(history.count(view))
                .isEqualTo(size(expected)));
        expected.forEach((key, rows) ->
                assertThat(RowText.ofSettled(history.rows(view, key))).isEqualTo(RowText.ofSettled(rows)));
    }

    private static long size(SortedMap<String, List<FeatureRow>> rows) {
        return rows.values().stream().mapToLong(List::size).sum();
    }

    /** Every entity's row is the oracle's at the row's own instant, and takes in the entity's last event. */
    private static void awaitOnline(FeatureView view, Oracle oracle) {
        List<String> keys = new ArrayList<>(oracle.keys());
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            List<FeatureRow> rows =
                    online.get(keys.stream().map(key -> new Lookup(view, key)).toList());
            for (int i = 0; i < keys.size(); i++) {
                FeatureRow row = rows.get(i);
                List<FeatureRow> expected = oracle.history(keys.get(i));
                assertThat(row.lastEventTime())
                        .isEqualTo(expected.get(expected.size() - 1).lastEventTime());
                assertThat(row.values())
                        .isEqualTo(oracle.valuesAt(keys.get(i), row.validFrom()).orElseThrow());
            }
        });
    }
}
