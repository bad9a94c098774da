package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import redis.clients.jedis.RedisClient;

/** What other modules' tests build on, on the sandbox or, by the profile, in containers. */
class BackendsIT {
    @Test
    void allTestsShareServersThatAnswer() throws SQLException {
        assertThat(TestBackends.shared()).isSameAs(TestBackends.shared());
        assertAnswers(TestBackends.shared());
    }

    @Test
    void everyTestHasADatabaseAndTopicsOfItsOwn() throws SQLException {
        String url = TestBackends.newDatabase();
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.createStatement().execute("CREATE TABLE mine (n int)");
        }

        assertThat(TestBackends.newDatabase()).isNotEqualTo(url).startsWith("jdbc:postgresql://");
        assertThat(TestBackends.newTopic("edits", 2))
                .startsWith("edits-")
                .isNotEqualTo(TestBackends.newTopic("edits", 2));
    }

    /** Both ways this can go are fixed: real containers where there is an engine, a failure where there is none. */
    @Test
    void containersWorkOrFailButNeverSkip() throws SQLException {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            try (Backends containers = TestBackends.start("containers")) {
                assertAnswers(containers);
            }
        } else {
            assertThatThrownBy(() -> TestBackends.start("containers"))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("no Docker engine answers")
                    .hasMessageContaining("-Dtidemark.backends=containers");
        }
    }

    @Test
    void anUnknownKindIsRefused() {
        assertThatThrownBy(() -> TestBackends.start("cloud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-Dtidemark.backends=cloud is neither 'sandbox' nor 'containers'");
    }

    private static void assertAnswers(Backends backends) throws SQLException {
        backends.createTopic("answers", 1);
        Records.send(backends.kafkaBootstrap(), "answers", 1L, "yes");
        assertThat(Records.readAll(backends.kafkaBootstrap(), "answers", 1)).contains("yes");
        try (Connection connection = DriverManager.getConnection(backends.postgresJdbcUrl())) {
            assertThat(connection.isValid(10)).isTrue();
        }
        try (RedisClient redis = RedisClient.create(backends.redisUri())) {
            assertThat(redis.ping()).isEqualTo("PONG");
        }
    }
}
