package dev.tidemark.sandbox;

import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The servers as containers of a Docker engine, from the images of docker-compose.yml. */
final class ContainerBackends implements Backends {
    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.3.1");
    private static final DockerImageName POSTGRES = DockerImageName.parse("postgres:16.15-bookworm");
    private static final DockerImageName REDIS = DockerImageName.parse("redis:7.2.11-alpine");
    private static final int REDIS_PORT = 6379;

    private final KafkaContainer kafka = new KafkaContainer(KAFKA)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
            .withEnv("KAFKA_LOG_RETENTION_MS", "-1")
            .withEnv("KAFKA_LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS", Long.toString(Long.MAX_VALUE));

    private final PostgreSQLContainer postgres =
            new PostgreSQLContainer(POSTGRES).withUsername("tidemark").withPassword("tidemark");

    private final GenericContainer<?> redis = new GenericContainer<>(REDIS)
            .withExposedPorts(REDIS_PORT)
            .withCommand("redis-server", "--save", "", "--appendonly", "no");

    private ContainerBackends() {
        postgres.withDatabaseName("tidemark");
    }

    /** @throws SandboxException if no Docker engine answers or a container does not start; then none is left running */
    static ContainerBackends start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new SandboxException(
                    ("-D%s=containers asks for containers, but no Docker engine answers. Start one, or leave"
                                    + " the property (the profile testcontainers) out to test on the sandbox.")
                            .formatted(TestBackends.PROPERTY));
        }
        ContainerBackends backends = new ContainerBackends();
        Runtime.getRuntime().addShutdownHook(new Thread(backends::close, "containers-shutdown"));
        List<Throwable> failures =
                Parallel.failuresOf(List.of(backends.kafka::start, backends.postgres::start, backends.redis::start));
        if (!failures.isEmpty()) {
            backends.close();
            throw new SandboxException(
                    "The containers do not start: " + failures.get(0).getMessage(), failures.get(0));
        }
        return backends;
    }

    @Override
    public String kafkaBootstrap() {
        return kafka.getBootstrapServers();
    }

    @Override
    public String postgresJdbcUrl() {
        return "jdbc:postgresql://%s:%s/%s?user=%s&password=%s"
                .formatted(
                        postgres.getHost(),
                        postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                        postgres.getDatabaseName(),
                        postgresUser(),
                        postgresPassword());
    }

    @Override
    public String postgresUser() {
        return postgres.getUsername();
    }

    @Override
    public String postgresPassword() {
        return postgres.getPassword();
    }

    @Override
    public String redisUri() {
        return "redis://%s:%s".formatted(redis.getHost(), redis.getMappedPort(REDIS_PORT));
    }

    @Override
    public void close() {
        Parallel.failuresOf(List.of(kafka::stop, postgres::stop, redis::stop));
    }
}
