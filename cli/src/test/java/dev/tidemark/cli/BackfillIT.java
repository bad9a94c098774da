package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.jobs.kafka.ConsumerGroups;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.stores.HistoryWrite;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills of a log with disorder, late events and broken records, between real servers, against the oracle. */
final class BackfillIT {
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PRESENT = Instant.parse("2024-03-31T12:00:00Z").toEpochMilli();
    private static final Pattern COVERED = Pattern.compile("partition (\\d+) offsets (\\d+) to (\\d+)");
    private static final String WINDOWS =
            """
            kind: FeatureView
            name: card_windows
            version: 1
            entity: card
            source: payments
            features:
              - { name: payments, aggregate: count, windows: [{ length: 1m, step: exact }, 10m] }
              - { name: amount, aggregate: sum, column: amount, windows: [{ length: 5m, offset: 2m }], where: approved }
              - { name: amount_max, aggregate: max, column: amount, windows: [5m] }
              - { name: declined, aggregate: count, windows: [{ tumbling: 1m }], where: "!approved" }
            """;

    private final PaymentsLog log = new PaymentsLog(PARTITIONS, 4_000, PRESENT);
    // The last partition has no record.
    private final String topic = TestBackends.newTopic("payments", PARTITIONS + 1);
    private final String kafka = TestBackends.shared().kafkaBootstrap();
    private final String database = TestBackends.newDatabase();

    @TempDir
    private Path directory;

    private Path defs;
    private Definitions definitions;
    private Postgres postgres;
    private PostgresHistoryStore history;
    private Process process;

    @BeforeEach
    void open() throws Exception {
        defs = Files.createDirectory(directory.resolve("defs"));
        try (Stream<Path> files = Files.list(Path.of("..", "feature-defs", "examples", "payments"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Files.writeString(
                        defs.resolve(file.getFileName()),
                        Files.readString(file).replace("topic: payments", "topic: " + topic));
            }
        }
        Files.writeString(defs.resolve("windows.yaml"), WINDOWS);
        definitions = DefinitionReader.readDirectory(defs);
        postgres = Postgres.connect(database, null, null);
        history = new PostgresHistoryStore(postgres);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        postgres.close();
    }

    @Test
    void endsUnderLiveTrafficWithTheOraclesHistoryAndAnotherRunChangesNothing() throws Exception {
        log.publish(kafka, topic, 0, 0.6);
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> {
            publish(60, 90);
            await("its end is fixed").atMost(PATIENCE).until(() -> !state().isEmpty());
            publish(90, 100);
        });
        String output = backfill("--view", "card_activity", "--defs", defs.toString());
        traffic.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        Map<Integer, Long> ends = covered(output);
        assertThat(ends.values().stream().mapToLong(Long::longValue).sum()).isLessThan(log.size());
        FeatureView view = view("card_activity");
        List<LogEvent> read = log.readable().stream()
                .filter(event -> event.offset() < ends.get(event.partition()))
                .toList();
        assertHistory(view, Oracle.of(view, read).historyUntil(settled(read)));
        assertThat(history.count(view("card_windows"))).isZero();
        assertThat(state()).isEmpty();

        String before = digest(view);
        String to = ends.entrySet().stream()
                .map(end -> topic + ":" + end.getKey() + ":" + end.getValue())
                .collect(Collectors.joining(","));
        // This time the definitions are the registry's.
        backfill("--view", "card_activity@1", "--to", to);
        assertThat(digest(view)).isEqualTo(before);
    }

    /** Some hundredths of the log, one after the other. */
    private void publish(int from, int to) {
        for (int part = from; part < to; part++) {
            log.publish(kafka, topic, part / 100.0, (part + 1) / 100.0);
        }
    }

    @Test
    void aRangeIsThatOfTheWholeHistoryAndTheLiveJobsRowsStay() throws Exception {
        log.publish(kafka, topic);
        Registry.open(postgres).apply(definitions);
        FeatureView view = view("card_windows");
        long from = PRESENT - Duration.ofMinutes(12).toMillis();
        long to = PRESENT - Duration.ofMinutes(5).toMillis();
        SortedMap<String, List<FeatureRow>> expected = new TreeMap<>();
        Oracle.of(view, log.readable()).history().forEach((key, rows) -> {
            List<FeatureRow> inRange = rows.stream()
                    .filter(row -> row.validFrom() >= from && row.validFrom() < to)
                    .toList();
            if (!inRange.isEmpty()) {
                expected.put(key, new ArrayList<>(inRange));
            }
        });
        String key = expected.firstKey();
        FeatureRow first = expected.get(key).get(0);
        FeatureRow live = new FeatureRow(
                List.of(-1L, -1L, -1.0, -1.0, -1L), first.validFrom(), FeatureRow.NEVER, first.lastEventTime());
        history.write(
                history.enter(view, new Writer(Writer.Line.LIVE, "live", "run", "history/0", 0)),
                List.of(new HistoryWrite(view, key, live)));
        expected.get(key).set(0, live);

        String output = backfill(
                "--view",
                "card_windows",
                "--range-only",
                "--from",
                Instant.ofEpochMilli(from).toString(),
                "--to",
                Instant.ofEpochMilli(to).toString());

        assertThat(output).contains("Events count from PT10M20.001S before the range on");
        assertHistory(view, expected);
    }

    @Test
    void aRangeOfAViewWithoutBoundsReadsTheWholeLog() throws Exception {
        log.publish(kafka, topic);
        FeatureView view = view("merchant_activity");
        long from = PRESENT - Duration.ofMinutes(3).toMillis();
        String output = backfill(
                "--view",
                "merchant_activity",
                "--defs",
                defs.toString(),
                "--range-only",
                "--from",
                Instant.ofEpochMilli(from).toString());

        SortedMap<String, List<FeatureRow>> expected = new TreeMap<>();
        Oracle.of(view, log.readable()).historyUntil(settled(log.readable())).forEach((key, rows) -> {
            List<FeatureRow> inRange =
                    rows.stream().filter(row -> row.validFrom() >= from).toList();
            if (!inRange.isEmpty()) {
                expected.put(key, inRange);
            }
        });
        assertThat(output).contains("because feature last_currency covers all events of an entity");
        assertHistory(view, expected);
    }

    @Test
    void drainsTheTailsThatLeaveAfterAnInstant() throws Exception {
        log.publish(kafka, topic);
        FeatureView view = view("card_windows");
        long to = PRESENT - Duration.ofMinutes(15).toMillis();
        backfill(
                "--view",
                "card_windows",
                "--defs",
                defs.toString(),
                "--to",
                Instant.ofEpochMilli(to).toString(),
                "--drain");

        List<LogEvent> late = Oracle.of(view, log.readable()).late();
        List<LogEvent> counting = log.readable().stream()
                .filter(event -> event.time() < to && !late.contains(event))
                .toList();
        assertHistory(view, Oracle.ofAccepted(view, counting).history());
    }

    @Test
    void aStartInMidLogJudgesLatenessAsOneWhoReadAllOfIt() throws Exception {
        log.publish(kafka, topic);
        FeatureView view = view("card_activity");
        Oracle whole = Oracle.of(view, log.readable());
        // Each partition starts with an event that is late because of what came before.
        Map<Integer, Long> starts = new TreeMap<>(Map.of(PARTITIONS, 0L));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = partition;
            starts.put(
                    partition,
                    whole.late().stream()
                            .filter(event -> event.partition() == number)
                            .skip(5)
                            .findFirst()
                            .orElseThrow()
                            .offset());
        }
        String from = starts.entrySet().stream()
                .map(start -> topic + ":" + start.getKey() + ":" + start.getValue())
                .collect(Collectors.joining(","));
        backfill("--view", "card_activity", "--defs", defs.toString(), "--from", from);

        List<LogEvent> counting = log.readable().stream()
                .filter(event -> !whole.late().contains(event))
                .filter(event -> event.offset() >= starts.get(event.partition()))
                .toList();
        assertHistory(view, Oracle.ofAccepted(view, counting).historyUntil(settled(log.readable())));
    }

    /** A payment without a merchant is an event for a job that computes no merchants, whatever else the registry has. */
    @Test
    void takesTheRecordsThatTheJobOfTheViewTakes() throws Exception {
        byte[] payment = ("{\"ts\": " + PRESENT + ", \"card_id\": \"solo\"}").getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, null, payment));
        }
        FeatureView view = view("card_activity");
        assertThat(backfill("--view", "card_activity", "--defs", defs.toString(), "--drain"))
                .contains("merchant_activity@1", "refused=1");
        assertThat(history.count(view)).isZero();

        commit(List.of(view, view("card_windows")), Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)));
        assertThat(backfill("--view", "card_activity", "--defs", defs.toString(), "--drain"))
                .doesNotContain("merchant_activity@1")
                .contains("is no event, either: card_windows@1.", "refused=0");
        assertThat(history.count(view)).isPositive();
    }

    @Test
    void aMistypedTopicDoesNotGetIntoTheRegistry() throws Exception {
        Path source = defs.resolve("payments.yaml");
        Files.writeString(source, Files.readString(source).replace("topic: " + topic, "topic: paymnets"));
        StringWriter err = new StringWriter();
        int exitCode = Tidemark.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(command("--view", "card_activity", "--defs", defs.toString())
                        .toArray(String[]::new));
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("The topic paymnets does not exist at ");
        assertThat(Registry.open(postgres).load().views()).isEmpty();
    }

    /** As a job that computes these views does after a checkpoint. */
    private void commit(List<FeatureView> views, Map<TopicPartition, OffsetAndMetadata> positions) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            admin.alterConsumerGroupOffsets(ConsumerGroups.of(views), positions)
                    .all()
                    .get();
        }
    }

    /** Neither behind a partition's last event, nor where it is all that comes. */
    @Test
    void aRefusedRecordIsNoSignOfLife() throws Exception {
        FeatureView view = view("card_windows");
        long now = System.currentTimeMillis();
        long hour = Duration.ofHours(1).toMillis();
        long lateness = view.source().allowedLateness().toMillis();
        List<LogEvent> events = new ArrayList<>();
        events.add(pay(0, 0, PRESENT - 2 * hour, now - 2 * hour));
        events.add(pay(0, 1, PRESENT - hour, now - hour));
        send(1, now, "rubbish");
        backfill("--view", "card_windows", "--defs", defs.toString());
        assertHistory(view, Oracle.of(view, events).historyUntil(PRESENT - hour - lateness));

        send(0, now, "rubbish");
        events.add(pay(1, 1, PRESENT, now));
        backfill("--view", "card_windows", "--defs", defs.toString());
        assertHistory(view, Oracle.of(view, events).historyUntil(PRESENT - lateness));
    }

    private LogEvent pay(int partition, long offset, long time, long producedAt) {
        send(partition, producedAt, "{\"ts\": " + time + ", \"card_id\": \"c\", \"merchant_id\": \"m\"}");
        return new LogEvent(partition, offset, time, Map.of("ts", time, "card_id", "c", "merchant_id", "m"));
    }

    private void send(int partition, long producedAt, String value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(
                    new ProducerRecord<>(topic, partition, producedAt, null, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void goesOnAfterItWasKilled() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // Rubbish between the events, so that there is time to die in.
            for (int part = 0; part < 20; part++) {
                log.publish(kafka, topic, part / 20.0, (part + 1) / 20.0);
                for (int i = 0; i < 15_000; i++) {
                    producer.send(new ProducerRecord<>(
                            topic, i % PARTITIONS, null, "rubbish".getBytes(StandardCharsets.UTF_8)));
                }
                producer.flush();
            }
        }
        String[] arguments = {
            "--view", "card_activity", "--defs", defs.toString(), "--checkpoint-interval", "200ms", "--parallelism", "2"
        };
        Process first = start(arguments);
        await().atMost(PATIENCE)
                .until(() -> !first.isAlive() || state().stream().anyMatch(path -> path.endsWith("_metadata")));
        assertThat(first.isAlive()).as(output()).isTrue();
        first.destroyForcibly().waitFor();
        FeatureView view = view("card_activity");
        SortedMap<String, List<FeatureRow>> expected =
                Oracle.of(view, log.readable()).historyUntil(settled(log.readable()));
        long rows = expected.values().stream().mapToLong(List::size).sum();
        assertThat(history.count(view)).isLessThan(rows);

        Process second = start(arguments);
        assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        assertThat(second.exitValue()).as(output()).isZero();
        assertThat(output()).contains("Going on with the backfill of card_activity@1 that was interrupted.");
        // It did not begin again.
        long unreadable = log.refused().values().stream()
                .filter(reason -> !reason.equals("late"))
                .count();
        Matcher events = Pattern.compile("events=(\\d+) refused=(\\d+)").matcher(output());
        assertThat(events.find()).isTrue();
        assertThat(Long.parseLong(events.group(1)) + Long.parseLong(events.group(2)))
                .isLessThan(300_000 + log.readable().size() + unreadable);
        assertHistory(view, expected);
        assertThat(state()).isEmpty();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                "target/tidemark.jar"));
        command.addAll(command(arguments));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        return process;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private String backfill(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Tidemark.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command(arguments).toArray(String[]::new));
        assertThat(code).as(out + "\n" + err).isZero();
        return out.toString();
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("backfill", "--kafka", kafka, "--postgres", database));
        command.addAll(List.of("--state-dir", directory.resolve("state").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a backfill has left to go on with. */
    private List<String> state() throws IOException {
        if (!Files.exists(directory.resolve("state"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(path -> !path.endsWith("lock"))
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            // A file went while the directory was read.
            return List.of();
        }
    }

    private FeatureView view(String name) {
        return definitions.view(name).orElseThrow();
    }

    private static Map<Integer, Long> covered(String output) {
        Map<Integer, Long> ends = new TreeMap<>();
        Matcher matcher = COVERED.matcher(output);
        while (matcher.find()) {
            ends.put(Integer.valueOf(matcher.group(1)), Long.valueOf(matcher.group(3)));
        }
        assertThat(ends).as(output).hasSize(PARTITIONS + 1);
        return ends;
    }

    private long settled(List<LogEvent> events) {
        Map<Integer, Long> greatest = new HashMap<>();
        events.forEach(event -> greatest.merge(event.partition(), event.time(), Math::max));
        return greatest.values().stream().mapToLong(Long::longValue).min().orElseThrow()
                - view("card_activity").source().allowedLateness().toMillis();
    }

    private void assertHistory(FeatureView view, SortedMap<String, List<FeatureRow>> expected) {
        assertThat(expected).isNotEmpty();
        expected.forEach((key, rows) -> assertThat(RowText.ofSettled(history.rows(view, key)))
                .as(view.id() + key)
                .isEqualTo(RowText.ofSettled(rows)));
        assertThat(history.count(view))
                .isEqualTo(expected.values().stream().mapToLong(List::size).sum());
    }

    /** Of all rows of a view to the bit, and of when and by whom they were written. */
    private String digest(FeatureView view) throws Exception {
        try (Connection connection = DriverManager.getConnection(database);
                ResultSet result = connection
                        .createStatement()
                        .executeQuery("select md5(string_agg(h::text || h.xmin, ';' order by h::text)) from history.\""
                                + view.name() + "_v" + view.version() + "\" h")) {
            result.next();
            return result.getString(1);
        }
    }
}
