package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** The sandbox's Kafka, Postgres and Redis: each answers, and can be taken away and brought back. */
class SandboxIT {
    private static Sandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void kafkaKeepsRecordsWhateverTheirTime() {
        sandbox.createTopic("times", 3);
        long farFuture = System.currentTimeMillis() + Duration.ofDays(400).toMillis();

        Records.send(sandbox.kafkaBootstrap(), "times", 0L, "long ago");
        Records.send(sandbox.kafkaBootstrap(), "times", farFuture, "not yet");

        assertThat(Records.readAll(sandbox.kafkaBootstrap(), "times", 2))
                .containsExactlyInAnyOrder("long ago", "not yet");
    }

    @Test
    void topicsAreCreatedOnRequestOnly() throws Exception {
        sandbox.createTopic("twice", 2);
        sandbox.createTopic("twice", 2);

        assertThatThrownBy(() -> sandbox.createTopic("twice", 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'twice' exists already with 2 partitions, not 3");
        assertThatThrownBy(() -> sandbox.createTopic("not a name", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a name");
        assertThatThrownBy(() -> sandbox.createTopic("none", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Records.send(sandbox.kafkaBootstrap(), "never-created", 0L, "lost"))
                .hasMessageContaining("never-created");
        try (Admin admin = Records.admin(sandbox.kafkaBootstrap())) {
            assertThat(admin.listTopics().names().get()).contains("twice").doesNotContain("never-created");
        }
    }

    @Test
    void postgresAnswersWhoKnowsThePassword() throws SQLException {
        String bareUrl = sandbox.postgresJdbcUrl().replaceAll("\\?.*", "");

        assertThat(query("SELECT current_database() || ' of ' || current_user")).isEqualTo("tidemark of tidemark");
        DriverManager.getConnection(bareUrl, sandbox.postgresUser(), sandbox.postgresPassword())
                .close();
        assertThatThrownBy(() -> DriverManager.getConnection(bareUrl, sandbox.postgresUser(), "guess"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void postgresComparesTextByItsBytes() throws SQLException {
        assertThat(query("SELECT 'a' > 'Z'")).isEqualTo("t");
    }

    @Test
    void redisAnswers() {
        try (RedisClient redis = RedisClient.create(sandbox.redisUri())) {
            assertThat(redis.ping()).isEqualTo("PONG");
            redis.set("sandbox:answer", "42");
            assertThat(redis.get("sandbox:answer")).isEqualTo("42");
        }
    }

    @Test
    void kafkaComesBackWithItsRecords() {
        sandbox.createTopic("kept", 1);
        Records.send(sandbox.kafkaBootstrap(), "kept", 1L, "before");

        sandbox.kafka().stop();
        sandbox.kafka().start();

        Records.send(sandbox.kafkaBootstrap(), "kept", 2L, "after");
        assertThat(Records.readAll(sandbox.kafkaBootstrap(), "kept", 2)).containsExactly("before", "after");
    }

    @Test
    void postgresComesBackWithAllThatWasCommitted() throws SQLException {
        try (Connection connection = DriverManager.getConnection(sandbox.postgresJdbcUrl())) {
            connection.createStatement().execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
        }

        sandbox.postgres().stop();
        assertThatThrownBy(() -> query("SELECT 1")).isInstanceOf(SQLException.class);
        sandbox.postgres().start();

        assertThat(query("SELECT count(*) FROM kept")).isEqualTo("1000");
    }

    @Test
    void redisComesBackEmpty() {
        try (RedisClient redis = RedisClient.create(sandbox.redisUri())) {
            redis.set("sandbox:lost", "soon");
        }

        sandbox.redis().stop();
        sandbox.redis().stop();
        sandbox.redis().start();
        sandbox.redis().start();

        try (RedisClient redis = RedisClient.create(sandbox.redisUri())) {
            assertThat(redis.exists("sandbox:lost")).isFalse();
        }
    }

    @Test
    void twoRunSideBySideAndClosingOneLeavesNothingOfIt(@TempDir Path parent) throws Exception {
        Set<ProcessHandle> before = childProcesses();
        Sandbox other = Sandbox.builder().directory(parent).kafkaPartitions(5).start();
        Set<ProcessHandle> children = withDescendants(childProcesses(), before);

        assertThat(Set.of(other.kafkaBootstrap(), other.redisUri(), other.postgresJdbcUrl()))
                .doesNotContain(sandbox.kafkaBootstrap(), sandbox.redisUri(), sandbox.postgresJdbcUrl());
        other.createTopic("of-the-other", 1);
        try (Admin admin = Records.admin(sandbox.kafkaBootstrap())) {
            assertThat(admin.listTopics().names().get()).doesNotContain("of-the-other");
        }
        assertThat(children).as("Postgres with its helpers, Redis, the guards").hasSizeGreaterThan(5);

        other.close();
        other.close();

        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(parent).isEmptyDirectory();
        assertThatThrownBy(() -> other.redis().start())
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("closed");
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @Test
    void aStartThatFailsHalfWayLeavesNothing(@TempDir Path parent) {
        Set<ProcessHandle> before = childProcesses();
        Sandbox.Builder broken =
                Sandbox.builder().directory(parent).flink(true).flinkConfiguration("rest.bind-port", "no-port");

        assertThatThrownBy(broken::start)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("Flink")
                .hasMessageContaining("no-port");

        assertThat(childProcesses()).isEqualTo(before);
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path parent) throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "");

        assertThatThrownBy(() -> Sandbox.builder().directory(file).start())
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Sandbox.builder().flinkSlots(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flinkSlots is 0");
        assertThatThrownBy(sandbox::flink)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("flink(true)");
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(sandbox.postgresJdbcUrl());
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    /** The guards and janitors; what they guard, such as a Postgres with its helpers, are their children. */
    private static Set<ProcessHandle> childProcesses() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.collect(Collectors.toSet());
        }
    }

    private static Set<ProcessHandle> withDescendants(Set<ProcessHandle> processes, Set<ProcessHandle> without) {
        return processes.stream()
                .filter(process -> !without.contains(process))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .collect(Collectors.toSet());
    }
}
