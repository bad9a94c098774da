package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.serving.FeatureServer;
import dev.tidemark.serving.RegistryDefinitions;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Payments by card: where they flow, the stores, a server, jobs for versions of their view, and the commands. */
final class CardsScene implements AutoCloseable {
    private static final String BASE =
            """
            kind: Source
            name: payments
            kafka: { topic: TOPIC, format: json }
            schema: { ts: long, card: string, amount: long, debit: long }
            event_time: { column: ts, unit: millis }
            allowed_lateness: 2s
            idle_timeout: 1h
            ---
            kind: Entity
            name: card
            keys: { card: string }
            ---
            """;

    final LiveCards payments;
    final PostgresHistoryStore history;
    final RedisOnlineStore online;
    final Registry registry;
    final FeatureServer server;

    private final String kafka = TestBackends.shared().kafkaBootstrap();
    private final String topic = TestBackends.newTopic("takeover", LiveCards.PARTITIONS);
    private final String database = TestBackends.newDatabase();
    private final String redis = TestBackends.newOnlineDatabase();
    private final Postgres postgres = Postgres.connect(database, null, null);
    private final List<JobClient> jobs = new ArrayList<>();
    private final Path directory;

    /** @param directory takes definitions */
    CardsScene(Path directory) {
        this.directory = directory;
        this.payments = new LiveCards(kafka, topic);
        this.history = new PostgresHistoryStore(postgres);
        this.online = RedisOnlineStore.connect(redis);
        this.registry = Registry.open(postgres);
        this.server = FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", 0), new RegistryDefinitions(postgres), online, Clock.systemUTC());
    }

    /** The view in a definition. */
    FeatureView view(String text) throws Exception {
        String all = BASE.replace("TOPIC", topic) + text;
        return DefinitionReader.read(List.of(new DefinitionReader.Text("cards.yaml", all)))
                .views()
                .get(0);
    }

    /** Applies definitions with the command, and gives what it printed. */
    String apply(String text) throws Exception {
        Files.writeString(directory.resolve("cards.yaml"), BASE.replace("TOPIC", topic) + text);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Tidemark.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("apply", "--defs", directory.toString(), "--postgres", database);
        assertThat(exitCode).as(err.toString()).isZero();
        return out.toString();
    }

    /** Starts a job for a view, as a person would who does not say where to begin. */
    JobClient start(FeatureView view) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
        environment.enableCheckpointing(1_000);
        new FeatureJob(
                        registry.load().only(List.of(view)),
                        new FeatureJob.Connections(kafka, database, null, null, redis),
                        KafkaSources.StartFrom.COMMITTED)
                .addTo(environment);
        JobClient job = environment.executeAsync(view.id());
        jobs.add(job);
        return job;
    }

    /** The current version. */
    int current() {
        return registry.load().view("cards").orElseThrow().version();
    }

    /** Changes rows, and gives how many. */
    int sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(database);
                Statement open = connection.createStatement()) {
            return open.executeUpdate(statement);
        }
    }

    /** What a command printed, and how it ended. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command with the addresses of the servers. */
    Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--postgres", database, "--redis", redis, "--kafka", kafka));
        int exitCode = Tidemark.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    void cancel(JobClient job) throws Exception {
        jobs.remove(job);
        job.cancel().get();
    }

    @Override
    public void close() throws Exception {
        payments.close();
        for (JobClient job : jobs) {
            job.cancel().get();
        }
        server.close();
        online.close();
        postgres.close();
    }
}
