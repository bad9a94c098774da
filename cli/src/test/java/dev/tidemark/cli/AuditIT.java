package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.jobs.takeover.JobProgress;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore.Lookup;
import dev.tidemark.stores.OnlineWrite;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Audits what a running job wrote, between real servers: nothing differs; then rows are changed behind the job's back, and each change
 * is found and put right again; in the end Redis loses everything and is rebuilt. The servers are this test's own, because it empties one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AuditIT {
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOPIC = "payments";
    /** The card and the merchant of the last payment. */
    private static final int UNSETTLED = 2;

    private static final Path PAYMENTS = Path.of("..", "feature-defs", "examples", "payments");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Years ago, so that by the wall clock every window is empty and no online row changes during the test. */
    private static final long PRESENT = 1_500_000_000_000L;

    /** Of a card and a merchant of its own, so long afterwards that everything before is settled. */
    private static final long LAST_PAYMENT = PRESENT + Duration.ofDays(40).toMillis();

    private final PaymentsLog log = new PaymentsLog(PARTITIONS, 2_000, PRESENT);

    private Sandbox sandbox;
    private Postgres postgres;
    private PostgresHistoryStore history;
    private RedisOnlineStore online;
    private Definitions definitions;
    private FeatureView view;
    private JobClient job;

    @BeforeAll
    void start() throws Exception {
        sandbox = Sandbox.start();
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
        history = new PostgresHistoryStore(postgres);
        online = RedisOnlineStore.connect(sandbox.redisUri());
        definitions = DefinitionReader.readDirectory(PAYMENTS);
        view = definitions.views().get(0);
        Registry.open(postgres).apply(definitions);
        sandbox.createTopic(TOPIC, PARTITIONS);
        log.publish(sandbox.kafkaBootstrap(), TOPIC);
        settle();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
        environment.enableCheckpointing(1_000);
        new FeatureJob(
                        definitions,
                        new FeatureJob.Connections(
                                sandbox.kafkaBootstrap(), sandbox.postgresJdbcUrl(), null, null, sandbox.redisUri()),
                        KafkaSources.StartFrom.EARLIEST)
                .addTo(environment);
        job = environment.executeAsync("audited");
    }

    @AfterAll
    void stop() throws Exception {
        if (job != null) {
            job.cancel().get();
        }
        online.close();
        postgres.close();
        sandbox.close();
    }

    @Test
    @Order(1)
    void aJobThatIsStillAtWorkIsAuditedAsItGoes() {
        Outcome audit = audit("--all", "--replay", "--patience", "90s");

        assertThat(audit.out).endsWith(" mismatches=0\n").contains(" pending=0");
        assertThat(audit.exitCode).as(audit.out).isZero();
        assertThat(audit.rows()).isGreaterThan(settledRows());
    }

    @Test
    @Order(2)
    void withoutTheLogTheStoresAreComparedWithEachOther() {
        await().atMost(PATIENCE).until(() -> online.size() == entities() + UNSETTLED);
        Outcome audit = audit("--all");

        assertThat(audit.exitCode).as(audit.out).isZero();
        assertThat(audit.out)
                .contains("entities=" + (entities() + UNSETTLED) + " ")
                .contains(" unsettled=" + UNSETTLED + " ")
                .endsWith("rows=" + entities() + " mismatches=0\n");
    }

    /** The job refuses a payment without a card for both views, so the merchants' rows alone are recomputed without it, too. */
    @Test
    @Order(2)
    void aViewIsRecomputedFromWhatItsJobTakes() {
        for (FeatureView each : definitions.views()) {
            await().atMost(PATIENCE).until(() -> hasCaughtUp(each));
            Outcome audit = audit("--view", each.id(), "--all", "--replay");
            assertThat(audit.out).as(each.id()).endsWith(" mismatches=0\n");
            assertThat(audit.exitCode).as(audit.out).isZero();
        }
    }

    /** The definitions that are given know one view of the job; the registry knows the other. */
    @Test
    @Order(2)
    void definitionsOfOneViewAloneMakeNoOtherJob(@TempDir Path directory) throws Exception {
        Path alone = Files.createDirectory(directory.resolve("defs"));
        for (String file : List.of("payments.yaml", "merchant_activity.yaml")) {
            Files.copy(PAYMENTS.resolve(file), alone.resolve(file));
        }
        FeatureView merchants = definitions.view("merchant_activity").orElseThrow();
        await().atMost(PATIENCE).until(() -> hasCaughtUp(merchants));

        Outcome audit = audit("--defs", alone.toString(), "--all", "--replay");

        assertThat(audit.out).endsWith(" mismatches=0\n");
        assertThat(audit.exitCode).as(audit.out).isZero();
    }

    private boolean hasCaughtUp(FeatureView each) throws Exception {
        try (JobProgress progress = JobProgress.open(sandbox.kafkaBootstrap(), each)) {
            return progress.look().caughtUp();
        }
    }

    @Test
    @Order(2)
    void aSampleHasAsManyEntitiesOfEachViewAsWereAskedFor() {
        Outcome audit = audit("--entities", "10", "--replay");

        assertThat(audit.exitCode).as(audit.out).isZero();
        assertThat(audit.out).contains("entities=20 ");
    }

    @Test
    @Order(3)
    void aValueThatWasChangedInTheHistoryIsFound() throws Exception {
        Victim victim = victim();
        String where = where(victim);
        sql("create table before as select * from " + table() + where);
        try {
            sql("update " + table() + " set payments_10m = payments_10m + 1" + where);
            Outcome audit = audit("--all", "--replay", "--patience", "0s");

            assertThat(audit.exitCode).isEqualTo(1);
            assertThat(audit.out)
                    .contains(victim.key, "The history row is not what the log makes", "payments_10m")
                    .endsWith(" mismatches=1\n");
        } finally {
            restore(where);
        }
    }

    @Test
    @Order(3)
    void aRowThatIsMissingFromTheHistoryIsFound() throws Exception {
        Victim victim = victim();
        String where = where(victim);
        sql("create table before as select * from " + table() + where);
        try {
            sql("delete from " + table() + where);
            Outcome audit = audit("--all", "--replay", "--patience", "0s", "--json");

            assertThat(audit.exitCode).isEqualTo(1);
            JsonNode difference = JSON.readTree(audit.out.lines().findFirst().orElseThrow());
            assertThat(difference.path("kind").textValue()).isEqualTo("history_missing");
            assertThat(difference.path("entity").textValue()).isEqualTo(victim.key);
            assertThat(difference.path("offsets").textValue()).isNotEmpty();
            assertThat(difference.at("/columns/payments_10m/replay").isTextual())
                    .isTrue();
            assertThat(JSON.readTree(audit.lastLine()).path("mismatches").asInt())
                    .isEqualTo(1);
        } finally {
            restore(where);
        }
    }

    /** As after a job was cancelled while it wrote. */
    @Test
    @Order(3)
    void anEntitysNewestRowIsPendingUntilTheHistoryHasComeThatFar() throws Exception {
        List<FeatureRow> rows = history.rows(view, victim().key);
        Victim newest = new Victim(victim().key, rows.get(rows.size() - 1));
        String where = where(newest);
        sql("create table before as select * from " + table() + where);
        sql("create table reached as select * from tidemark.fence_writer");
        String writers = " where view_id = '" + view.id() + "' and settled is not null";
        try {
            sql("delete from " + table() + where);
            Outcome missing = audit("--all", "--replay", "--patience", "0s");
            assertThat(missing.exitCode).as(missing.out).isEqualTo(1);
            assertThat(missing.out).contains(newest.key, "A row is missing from the history.");

            sql("update tidemark.fence_writer set settled = " + (newest.row.validFrom() - 1) + writers);
            Outcome pending = audit("--all", "--replay", "--patience", "0s");
            assertThat(pending.exitCode).as(pending.out).isEqualTo(3);
            assertThat(pending.out).contains(" pending=1\n").endsWith(" mismatches=0\n");
        } finally {
            restore(where);
            sql("update tidemark.fence_writer w set settled = reached.settled from reached"
                    + " where (w.view_id, w.line, w.member) = (reached.view_id, reached.line, reached.member)");
            sql("drop table reached");
        }
    }

    @Test
    @Order(3)
    void aRowTooManyInTheHistoryIsFound() throws Exception {
        Victim victim = victim();
        String shifted = where(victim).replace("= to_timestamp", "= interval '1 ms' + to_timestamp");
        sql("create table extra as select * from " + table() + where(victim));
        sql("update extra set valid_from = valid_from + interval '1 ms'");
        try {
            sql("insert into " + table() + " select * from extra");
            Outcome audit = audit("--all", "--replay", "--patience", "0s");

            assertThat(audit.exitCode).isEqualTo(1);
            assertThat(audit.out)
                    .contains(victim.key, "The history has a row at which nothing changed.")
                    .endsWith(" mismatches=1\n");
        } finally {
            sql("delete from " + table() + shifted);
            sql("drop table extra");
        }
    }

    @Test
    @Order(3)
    void aValueThatWasChangedOnlineIsFoundWithAndWithoutTheLog() {
        String key = victim().key;
        OnlineRow before = online.find(List.of(new Lookup(view, key))).get(0);
        FeatureRow row = before.row();
        List<Object> values = new ArrayList<>(row.values());
        values.set(0, (Long) values.get(0) + 1);
        try {
            put(before, key, new FeatureRow(values, row.validFrom(), row.validUntil(), row.lastEventTime()));
            Outcome withoutLog = audit("--all", "--patience", "0s");
            Outcome withLog = audit("--all", "--replay", "--patience", "0s");

            assertThat(withoutLog.exitCode).isEqualTo(1);
            assertThat(withoutLog.out)
                    .contains(
                            key,
                            "The online row is not the history row",
                            view.features().get(0).name())
                    .endsWith(" mismatches=1\n");
            assertThat(withLog.exitCode).isEqualTo(1);
            assertThat(withLog.out)
                    .contains(key, "not what the events that it knows make", "Offsets " + before.position());
        } finally {
            put(before, key, row);
        }
    }

    @Test
    @Order(3)
    void aContinuousAuditCountsAValueThatWasChangedOnlineWithinARound(@TempDir Path directory) throws Exception {
        String key = victim().key;
        OnlineRow before = online.find(List.of(new Lookup(view, key))).get(0);
        FeatureRow row = before.row();
        List<Object> values = new ArrayList<>(row.values());
        values.set(0, (Long) values.get(0) + 1);
        AuditProcess audit =
                AuditProcess.start(directory, sandbox, "--continuous", "--every", "1s", "--all", "--patience", "1s");
        try {
            await().atMost(PATIENCE).until(() -> audit.metric("tidemark_audit_rounds_total") >= 1);
            assertThat(audit.metric("tidemark_audit_mismatches_total", view)).isZero();
            assertThat(audit.metric("tidemark_audit_rows_compared_total", view)).isPositive();
            assertThat(audit.metric("tidemark_audit_coverage", view)).isEqualTo(1);
            double last = audit.metric("tidemark_audit_last_round_timestamp_seconds");
            assertThat(last).isBetween(System.currentTimeMillis() / 1e3 - 600, System.currentTimeMillis() / 1e3 + 1);

            put(before, key, new FeatureRow(values, row.validFrom(), row.validUntil(), row.lastEventTime()));
            double rounds = audit.metric("tidemark_audit_rounds_total");
            // The round that is under way may have passed the entity; the next one may not.
            await().atMost(PATIENCE).until(() -> audit.metric("tidemark_audit_rounds_total") >= rounds + 2);
            assertThat(audit.metric("tidemark_audit_mismatches_total", view)).isPositive();
        } finally {
            put(before, key, row);
            audit.terminate();
        }
        assertThat(audit.exitCode()).isEqualTo(1);
        assertThat(audit.output())
                .contains("round=1 view=" + view.id() + " ", "coverage=100%", "The online row is not the history row")
                .containsPattern("mismatches=[1-9][0-9]*\n$");
    }

    @Test
    @Order(3)
    void aContinuousAuditThatSawNothingEndsWell(@TempDir Path directory) throws Exception {
        AuditProcess audit =
                AuditProcess.start(directory, sandbox, "--continuous", "--every", "1s", "--entities", "10");
        try {
            await().atMost(PATIENCE).until(() -> audit.metric("tidemark_audit_rounds_total") >= 3);
            assertThat(audit.metric("tidemark_audit_entities_total", view)).isGreaterThanOrEqualTo(20);
            assertThat(audit.metric("tidemark_audit_coverage", view)).isPositive();
        } finally {
            audit.terminate();
        }
        assertThat(audit.exitCode()).as(audit.output()).isZero();
        assertThat(audit.output()).endsWith("mismatches=0\n");
    }

    @Test
    @Order(4)
    void everythingThatWasChangedIsRightAgain() {
        assertThat(audit("--all", "--replay", "--patience", "0s").out).endsWith(" mismatches=0\n");
    }

    @Test
    @Order(5)
    void aJobThatRunsFillsAnEmptiedOnlineStoreByItself() throws Exception {
        flush();
        await().atMost(PATIENCE).until(() -> online.size() == entities() + UNSETTLED);
        Outcome audit = audit("--all", "--replay");

        assertThat(audit.out).contains(" pending=0\n").endsWith(" mismatches=0\n");
        assertThat(audit.exitCode).as(audit.out).isZero();
    }

    @Test
    @Order(6)
    void anEmptiedOnlineStoreIsFoundAndRebuilt() throws Exception {
        job.cancel().get();
        job = null;
        flush();
        Outcome found = audit("--all", "--patience", "0s");
        assertThat(found.exitCode).isEqualTo(1);
        assertThat(found.out).contains("There is no online row.").endsWith(" mismatches=" + entities() + "\n");
        // Each entity that is looked at shows now.
        List<String> sample =
                audit("--entities", "10", "--seed", "1", "--patience", "0s").differences();
        assertThat(sample).hasSize(20);
        assertThat(audit("--entities", "10", "--seed", "1", "--patience", "0s").differences())
                .isEqualTo(sample);
        assertThat(audit("--entities", "10", "--seed", "2", "--patience", "0s").differences())
                .hasSize(20)
                .isNotEqualTo(sample);

        Outcome rebuilt = run("rebuild-online");
        assertThat(rebuilt.exitCode).as(rebuilt.err).isZero();
        assertThat(rebuilt.out).contains(view.id() + " written=");
        assertThat(online.size()).isEqualTo(entities());
        assertThat(audit("--all", "--patience", "0s").exitCode).isZero();
        // What was not settled the history does not know; the job will bring it back.
        Outcome withLog = audit("--all", "--replay", "--patience", "0s");
        assertThat(withLog.out).contains(" pending=" + UNSETTLED + "\n").endsWith(" mismatches=0\n");
        assertThat(withLog.exitCode).isEqualTo(3);
    }

    @Test
    @Order(7)
    void aRowOfTheJobIsNeverReplacedByARebuiltOne() {
        String key = victim().key;
        OnlineRow rebuilt = online.find(List.of(new Lookup(view, key))).get(0);
        assertThat(rebuilt.epoch()).isNegative();
        OnlineRow live = new OnlineRow(rebuilt.row(), rebuilt.position(), 1L << 50);
        put(live, key, live.row());

        Outcome again = run("rebuild-online", "--view", view.name());

        assertThat(again.out).endsWith(" kept=1\n");
        assertThat(online.find(List.of(new Lookup(view, key)))).containsExactly(live);
    }

    /** Ends each partition with a payment that settles all others, and is not settled itself. */
    private void settle() {
        String payment = "{\"ts\": " + LAST_PAYMENT + ", \"card_id\": \"last\", \"merchant_id\": \"last\"}";
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, sandbox.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                byte[] record = payment.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, partition, null, record));
            }
        }
    }

    /** An entity, and one of its rows that is not the newest of the view, of which the audit would wait for more. */
    private record Victim(String key, FeatureRow row) {}

    private Victim victim() {
        for (String key : Oracle.of(view, log.readable()).keys()) {
            List<FeatureRow> rows = history.rows(view, key);
            if (rows.size() > 2) {
                return new Victim(key, rows.get(1));
            }
        }
        throw new IllegalStateException("No entity has three rows.");
    }

    private String where(Victim victim) {
        String id = (String) JoinKeys.decode(view.entity(), victim.key).get(0);
        return " where " + view.entity().keyNames().get(0) + " = '" + id + "' and valid_from = to_timestamp("
                + victim.row.validFrom() + "::numeric / 1000)";
    }

    private void restore(String where) throws Exception {
        sql("delete from " + table() + where);
        sql("insert into " + table() + " select * from before");
        sql("drop table before");
    }

    private String table() {
        return "history." + view.name() + "_v" + view.version();
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                Statement open = connection.createStatement()) {
            open.execute(statement);
        }
    }

    private void put(OnlineRow like, String key, FeatureRow row) {
        online.put(Epoch.byHand(view, like.epoch()), List.of(new OnlineWrite(view, key, row, like.position())));
    }

    private void flush() throws Exception {
        URI uri = URI.create(sandbox.redisUri());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write("FLUSHALL\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('+');
        }
    }

    /** How many entities there are in all views together, without those of the last payment. */
    private long entities() {
        return definitions.views().stream()
                .mapToLong(each -> Oracle.of(each, log.readable()).keys().size())
                .sum();
    }

    /** How many rows the oracle says are settled. */
    private long settledRows() {
        return definitions.views().stream()
                .flatMap(each -> Oracle.of(each, log.readable()).historyUntil(LAST_PAYMENT - 2_000).values().stream())
                .mapToLong(List::size)
                .sum();
    }

    private record Outcome(int exitCode, String out, String err) {
        String lastLine() {
            return out.strip().lines().reduce("", (before, line) -> line);
        }

        List<String> differences() {
            return out.lines()
                    .filter(line -> line.contains("There is no online row."))
                    .toList();
        }

        long rows() {
            return Long.parseLong(lastLine().replaceAll("rows=(\\d+) .*", "$1"));
        }
    }

    private Outcome audit(String... arguments) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", sandbox.kafkaBootstrap()));
        return run(all.toArray(String[]::new));
    }

    private Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--postgres", sandbox.postgresJdbcUrl(), "--redis", sandbox.redisUri()));
        int exitCode = Tidemark.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
