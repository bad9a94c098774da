package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.sandbox.StandaloneCluster;
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
import java.util.UUID;
import picocli.CommandLine;

/**
 * The payments example on a real Flink cluster: a log of payments that is published in parts, the stores, the commands, and the
 * oracle that says what must be in the stores in the end.
 */
final class ClusterScene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 3;
    static final Duration NEVER_IDLE = Duration.ofHours(1);
    private static final String TOPIC_LINE = "topic: payments";

    final StandaloneCluster cluster;
    final PostgresHistoryStore history;
    final RedisOnlineStore online;
    final Definitions definitions;
    final Path directory;
    final PublishedLog log;

    private final Servers servers;
    private final Duration idleTimeout;
    private final Postgres postgres;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * A scene on the servers that all tests share. Between the parts of the log its partitions are idle; they do not count as such, so that the
     * settled instant is that of the whole log.
     *
     * @param directory takes definitions
     */
    ClusterScene(Path directory, int events, StandaloneCluster.Builder cluster) throws Exception {
        this(
                directory,
                Servers.shared(),
                new PaymentsLog(PARTITIONS, events, System.currentTimeMillis()),
                NEVER_IDLE,
                cluster);
    }

    /**
     * A scene on other servers.
     *
     * @param directory takes definitions
     * @param log a topic is made for its first three partitions
     * @param idleTimeout of the source
     */
    ClusterScene(
            Path directory, Servers servers, PaymentsLog log, Duration idleTimeout, StandaloneCluster.Builder cluster)
            throws Exception {
        this.directory = directory;
        this.servers = servers;
        this.idleTimeout = idleTimeout;
        String topic = "payments-" + UUID.randomUUID();
        servers.backends().createTopic(topic, PARTITIONS);
        this.log = new PublishedLog(log, PARTITIONS, servers.kafka(), topic);
        postgres = Postgres.connect(servers.postgres(), null, null);
        history = new PostgresHistoryStore(postgres);
        online = RedisOnlineStore.connect(servers.redis());
        definitions = DefinitionReader.readDirectory(definitionsOn(topic));
        System.setProperty("tidemark.home", "..");
        this.cluster =
                cluster.configuration("metrics.fetcher.update-interval", "500").start();
    }

    /** The example's definitions, reading another topic. */
    Path definitionsOn(String other) throws Exception {
        Path target = Files.createDirectories(directory.resolve(other));
        try (var files = Files.list(Path.of("..", "feature-defs", "examples", "payments"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file)
                        .replace(TOPIC_LINE, "topic: " + other)
                        .replaceAll("idle_timeout: \\w+", "idle_timeout: " + idleTimeout.toSeconds() + "s");
                Files.writeString(target.resolve(file.getFileName()), text);
            }
        }
        return target;
    }

    Path definitionsDirectory() {
        return directory.resolve(log.topic());
    }

    /** What a command printed, and how it ended. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command against the cluster. */
    Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--cluster", cluster.restUri().toString()));
        return execute(all);
    }

    /** Runs a command against the stores. */
    Outcome runOnStores(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--postgres", servers.postgres(), "--redis", servers.redis()));
        return execute(all);
    }

    /** Runs a command. */
    static Outcome execute(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments.toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    /** Runs a command that starts jobs, with the addresses of the servers, and a watch short enough for a test. */
    Outcome start(String... arguments) {
        return startOn(servers.kafka(), arguments);
    }

    /** The same with other brokers. */
    Outcome startOn(String kafka, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", kafka, "--postgres", servers.postgres(), "--redis", servers.redis()));
        all.addAll(List.of("--checkpoint-interval", "1", "--watch", "2s"));
        return run(all.toArray(String[]::new));
    }

    /** Runs a command that looks into the servers. */
    Outcome look(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka", servers.kafka(), "--postgres", servers.postgres(), "--redis", servers.redis()));
        return run(all.toArray(String[]::new));
    }

    String password() {
        return servers.backends().postgresPassword();
    }

    /** Starts the job at the beginning of the log. */
    void submit(int parallelism) {
        Outcome submitted = start(
                "submit",
                "--defs",
                definitionsDirectory().toString(),
                "--from",
                "earliest",
                "--parallelism",
                "" + parallelism);
        assertThat(submitted.exitCode()).as(submitted + cluster.lastWords()).isZero();
    }

    /** Publishes on, up to a fraction of the log. */
    void publishTo(double fraction) {
        log.publishTo(fraction);
    }

    /** Publishes on, and waits until the job has made rows of it. */
    void publishAndAwaitRows(double fraction) {
        long before = rows();
        publishTo(fraction);
        await("more rows than " + before).atMost(PATIENCE).until(() -> rows() > before);
    }

    /** Publishes up to a fraction of the log, and waits until the online store knows of all of it. */
    void publishAndAwaitOnline(double fraction) {
        publishTo(fraction);
        StoresProof proof = new StoresProof(history, online, PATIENCE);
        definitions.views().forEach(view -> proof.onlineIsTheOracles(view, Oracle.of(view, log.events())));
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

    /** How many checkpoints had an outcome, such as {@code completed} or {@code failed}, since the job was submitted. */
    long checkpoints(String outcome) throws Exception {
        return rest().get("/jobs/" + job().id() + "/checkpoints")
                .path("counts")
                .path(outcome)
                .asLong();
    }

    /** How many events the job's source has taken in since the job was started or restarted. */
    long eventsAccepted() throws Exception {
        String job = "/jobs/" + job().id();
        long sum = 0;
        for (JsonNode vertex : rest().get(job).path("vertices")) {
            String metrics = job + "/vertices/" + vertex.path("id").asText()
                    + "/subtasks/metrics?agg=sum&get=ingest-payments.eventsAccepted";
            for (JsonNode metric : rest().get(metrics)) {
                sum += metric.path("sum").asLong();
            }
        }
        return sum;
    }

    /** Whether back-pressure reaches the job's source, as Flink sees it. */
    boolean sourceIsHeldBack() throws Exception {
        String job = "/jobs/" + job().id();
        for (JsonNode vertex : rest().get(job).path("vertices")) {
            if (vertex.path("name").asText().startsWith("Source: ")) {
                String path = job + "/vertices/" + vertex.path("id").asText() + "/backpressure";
                return rest().get(path).path("backpressureLevel").asText().equals("high");
            }
        }
        return false;
    }

    /** What the heaps of the TaskManagers hold, without garbage. */
    long liveHeapBytes() throws Exception {
        long sum = 0;
        for (String manager : cluster.taskManagers()) {
            sum += LiveMemory.heapBytes(cluster.processId(manager));
        }
        return sum;
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
        prove();
    }

    /** Waits until both stores hold what the oracle makes of what is published, to the last bit. */
    void prove() {
        StoresProof proof = new StoresProof(history, online, PATIENCE);
        for (FeatureView view : definitions.views()) {
            Oracle oracle = Oracle.of(view, log.events());
            long settled = log.settledInstant(view.source().allowedLateness());
            if (idleTimeout.equals(NEVER_IDLE)) {
                proof.historyIsTheOracles(view, oracle, settled);
            } else {
                proof.historyIsTheOraclesAtLeast(view, oracle, settled);
            }
            proof.onlineIsTheOracles(view, oracle);
        }
    }

    /** As {@link #prove}; and the audit, which computes all anew from the topic, finds nothing wrong and nothing missing. */
    void proveAndAudit() {
        prove();
        Outcome audit = runOnStores("audit", "--all", "--replay", "--kafka", servers.kafka());
        assertThat(audit.out()).endsWith(" mismatches=0\n").contains(" pending=0\n");
        assertThat(audit.exitCode()).as(audit.toString()).isZero();
    }

    @Override
    public void close() {
        cluster.close();
        online.close();
        postgres.close();
    }
}
