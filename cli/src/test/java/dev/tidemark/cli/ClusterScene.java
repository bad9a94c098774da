package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.sandbox.StandaloneCluster;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import picocli.CommandLine;

/**
 * The payments example on a real Flink cluster: a log of payments that is published in parts, the stores, the commands, and the
 * oracle that says what must be in the stores in the end.
 */
final class ClusterScene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 3;
    private static final String TOPIC_LINE = "topic: payments";

    final StandaloneCluster cluster;
    final PostgresHistoryStore history;
    private final String redis = TestBackends.newOnlineDatabase();
    final RedisOnlineStore online = RedisOnlineStore.connect(redis);
    final Definitions definitions;
    final Path directory;

    private final PaymentsLog log;
    private final String topic = TestBackends.newTopic("payments", PARTITIONS);
    private final String database = TestBackends.newDatabase();
    private final Postgres postgres = Postgres.connect(database, null, null);
    private final HttpClient http = HttpClient.newHttpClient();
    private double published;

    /** @param directory takes definitions */
    ClusterScene(Path directory, int events, StandaloneCluster.Builder cluster) throws Exception {
        this.directory = directory;
        log = new PaymentsLog(PARTITIONS, events, System.currentTimeMillis());
        history = new PostgresHistoryStore(postgres);
        definitions = DefinitionReader.readDirectory(definitionsOn(topic));
        System.setProperty("tidemark.home", "..");
        this.cluster = cluster.start();
    }

    /**
     * The example's definitions, reading another topic. Between the parts of the log its partitions are idle; they must not count as
     * such, or the settled instant would not be that of the whole log.
     */
    Path definitionsOn(String other) throws Exception {
        Path target = Files.createDirectories(directory.resolve(other));
        try (var files = Files.list(Path.of("..", "feature-defs", "examples", "payments"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file)
                        .replace(TOPIC_LINE, "topic: " + other)
                        .replaceAll("idle_timeout: \\w+", "idle_timeout: 1h");
                Files.writeString(target.resolve(file.getFileName()), text);
            }
        }
        return target;
    }

    Path definitionsDirectory() {
        return directory.resolve(topic);
    }

    /** What a command printed, and how it ended. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command against the cluster. */
    Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--cluster", cluster.restUri().toString()));
        int exitCode = command.execute(all.toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    /** Runs a command that starts jobs, with the addresses of the servers, and a watch short enough for a test. */
    Outcome start(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", TestBackends.shared().kafkaBootstrap(), "--postgres", database));
        all.addAll(List.of("--redis", redis));
        all.addAll(List.of("--checkpoint-interval", "1", "--watch", "2s"));
        return run(all.toArray(String[]::new));
    }

    /** Runs a command that looks into the servers. */
    Outcome look(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", TestBackends.shared().kafkaBootstrap(), "--postgres", database));
        all.addAll(List.of("--redis", redis));
        return run(all.toArray(String[]::new));
    }

    String password() {
        return TestBackends.shared().postgresPassword();
    }

    /** Publishes on, up to a fraction of the log. */
    void publishTo(double fraction) {
        log.publish(TestBackends.shared().kafkaBootstrap(), topic, published, fraction);
        published = fraction;
    }

    /** The one job that has not ended. */
    ClusterJob job() throws InterruptedException {
        return ClusterJob.find(rest(), "tidemark");
    }

    FlinkRest rest() {
        return new FlinkRest(cluster.restUri().toString());
    }

    long rows() {
        return definitions.views().stream().mapToLong(history::count).sum();
    }

    /** Waits until more rows are in the history than at the call: the job is at work. */
    void awaitMoreRows() {
        long before = rows();
        await("more rows than " + before).atMost(PATIENCE).until(() -> rows() > before);
    }

    /** How often the job was restarted since it was submitted, as far as the cluster remembers. */
    int failures() throws Exception {
        return rest().get("/jobs/" + job().id() + "/exceptions?maxExceptions=100")
                .path("exceptionHistory")
                .path("entries")
                .size();
    }

    /** Any answer of the REST API, as text. */
    String answer(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(cluster.restUri() + path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The TaskManagers with work to do. */
    List<String> busyTaskManagers() throws Exception {
        List<String> busy = new ArrayList<>();
        for (JsonNode manager : JSON.readTree(answer("/taskmanagers")).path("taskmanagers")) {
            if (manager.path("freeSlots").asInt() < manager.path("slotsNumber").asInt()
                    && cluster.taskManagers().contains(manager.path("id").asText())) {
                busy.add(manager.path("id").asText());
            }
        }
        return busy;
    }

    /** Publishes the rest, and waits until both stores hold what the oracle says, to the last bit. */
    void assertStoresAreTheOracles() {
        publishTo(1);
        for (FeatureView view : definitions.views()) {
            Oracle oracle = Oracle.of(view, log.readable());
            SortedMap<String, List<FeatureRow>> expected =
                    oracle.historyUntil(log.settledInstant(view.source().allowedLateness()));
            long rows = expected.values().stream().mapToLong(List::size).sum();
            await(view.id()).atMost(PATIENCE).until(() -> history.count(view) >= rows);
            assertThat(history.count(view)).as(view.id()).isEqualTo(rows);
            expected.forEach((key, row) -> assertThat(content(history.rows(view, key)))
                    .as(view.id() + key)
                    .isEqualTo(content(row)));
            assertOnlineIsTheOracles(view, oracle);
        }
    }

    private void assertOnlineIsTheOracles(FeatureView view, Oracle oracle) {
        List<String> keys = List.copyOf(oracle.keys());
        await(view.id() + " online").atMost(PATIENCE).untilAsserted(() -> {
            List<FeatureRow> rows = online.get(view, keys);
            for (int i = 0; i < keys.size(); i++) {
                FeatureRow row = rows.get(i);
                assertThat(row).as(keys.get(i)).isNotNull();
                List<FeatureRow> all = oracle.history(keys.get(i));
                assertThat(row.lastEventTime())
                        .as(keys.get(i))
                        .isEqualTo(all.get(all.size() - 1).lastEventTime());
                assertThat(content(all)).as(keys.get(i)).containsAll(content(List.of(row)));
            }
        });
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

    @Override
    public void close() {
        cluster.close();
        online.close();
        postgres.close();
    }
}
