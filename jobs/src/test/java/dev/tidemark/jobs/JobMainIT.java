package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.ProgramAbortException;
import org.apache.flink.client.program.StreamPlanEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What the entry class finds out from real servers before a job is on its way. */
class JobMainIT {
    private static final String DEFINITIONS =
            """
            kind: Source
            name: NAME
            kafka: { topic: TOPIC, format: json }
            schema: { time: timestamp, user: string }
            event_time: time
            allowed_lateness: 0s
            idle_timeout: 5s
            ---
            kind: Entity
            name: user
            keys: { user: string }
            ---
            kind: FeatureView
            name: NAME
            version: 1
            entity: user
            source: NAME
            features:
              - { name: clicks, aggregate: count, windows: [10s] }
            """;

    private static Sandbox sandbox;
    private static Postgres postgres;

    @TempDir
    private Path directory;

    private final StringWriter err = new StringWriter();
    private String name;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
        postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        sandbox.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    }

    @Test
    void aMistypedTopicDoesNotGetIntoTheRegistry() throws Exception {
        define("mistyped");

        assertThat(run(sandbox.redisUri())).isEqualTo(JobMain.PROBLEM);
        assertThat(err.toString())
                .isEqualTo("The topic mistyped does not exist at " + sandbox.kafkaBootstrap()
                        + ". Create it, or correct the source that names it.\n");
        assertThatNothingWasApplied();
    }

    @Test
    void anOnlineStoreThatDoesNotAnswerIsNamedWithoutItsPassword() throws Exception {
        sandbox.createTopic(name, 1);
        define(name);

        assertThat(run("redis://:hush@127.0.0.1:1")).isEqualTo(JobMain.PROBLEM);
        assertThat(run(sandbox.redisUri().replace("redis://", "redis://ann:hush@")))
                .isEqualTo(JobMain.PROBLEM);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("Could not ping Redis at 127.0.0.1:"))
                .noneMatch(line -> line.contains("hush"));
        assertThatNothingWasApplied();
    }

    @Test
    void whatAJobHasReadIsNotTakenForTheBeginning() throws Exception {
        sandbox.createTopic(name, 2);
        define(name);
        commit(Map.of(0, 12L, 1, 0L));

        assertThat(isPlanned(Map.of())).isFalse();
        assertThat(err.toString())
                .contains(
                        "A job for " + name + "@1 has read the topic " + name + " up to 0:12.",
                        "--savepoint PATH",
                        "--from earliest");
        assertThatNothingWasApplied();

        assertThat(isPlanned(Map.of(), "--from", "earliest")).isTrue();
        assertThat(isPlanned(Map.of(), "--from", "committed")).isTrue();
        assertThat(isPlanned(Map.of("execution.state-recovery.path", "file:///savepoint")))
                .isTrue();
        assertThat(isPlanned(Map.of("$internal.pipeline.job-id", new JobID().toHexString())))
                .isTrue();
    }

    @Test
    void aJobThatHasReadNothingStandsInNobodysWay() throws Exception {
        sandbox.createTopic(name, 2);
        define(name);
        assertThat(isPlanned(Map.of())).as(err.toString()).isTrue();
        commit(Map.of(0, 0L, 1, 0L));
        assertThat(isPlanned(Map.of())).as(err.toString()).isTrue();
    }

    /** As a job does after a checkpoint. */
    private void commit(Map<Integer, Long> offsets) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) ->
                positions.put(new TopicPartition(name, partition), new OffsetAndMetadata(offset)));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, sandbox.kafkaBootstrap()))) {
            admin.alterConsumerGroupOffsets("tidemark:" + name + "@1", positions)
                    .all()
                    .get();
        }
    }

    /** Whether the main method comes to its end when Flink asks it for a plan. */
    private boolean isPlanned(Map<String, String> flink, String... more) {
        StreamPlanEnvironment plan =
                new StreamPlanEnvironment(Configuration.fromMap(flink), JobMain.class.getClassLoader(), 1);
        plan.setAsContext();
        try {
            assertThat(run(sandbox.redisUri(), more)).isEqualTo(JobMain.PROBLEM);
            return false;
        } catch (ProgramAbortException e) {
            return true;
        } finally {
            plan.unsetAsContext();
        }
    }

    private void define(String topic) throws Exception {
        Files.writeString(
                directory.resolve("views.yaml"),
                DEFINITIONS.replace("NAME", name).replace("TOPIC", topic));
    }

    private void assertThatNothingWasApplied() {
        assertThat(Registry.open(postgres).load().views())
                .noneMatch(view -> view.name().equals(name));
    }

    private int run(String redis, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--defs", directory.toString()));
        arguments.addAll(List.of("--kafka", sandbox.kafkaBootstrap()));
        arguments.addAll(List.of("--postgres", sandbox.postgresJdbcUrl(), "--redis", redis));
        arguments.addAll(List.of(more));
        return JobMain.run(new PrintWriter(err, true), arguments.toArray(String[]::new));
    }
}
