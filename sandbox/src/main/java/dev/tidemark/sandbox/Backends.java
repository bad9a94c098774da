package dev.tidemark.sandbox;

/**
 * Where a running broker and the two stores answer.
 *
 * <p>Every address is on the loopback interface and stays the same until {@link #close}.
 */
public interface Backends extends AutoCloseable {
    /** The broker as {@code host:port}, as a Kafka client's {@code bootstrap.servers} wants it. */
    String kafkaBootstrap();

    /** A JDBC URL that is enough to connect: it names the database and carries user and password. */
    String postgresJdbcUrl();

    /** A superuser of that Postgres. */
    String postgresUser();

    /** The password of {@link #postgresUser}. */
    String postgresPassword();

    /** The online store's server as {@code redis://host:port}, without a password. */
    String redisUri();

    /**
     * Makes sure that a topic exists. The brokers do not create topics by themselves.
     *
     * @param partitions at least 1
     * @throws IllegalArgumentException if the name or the number is not valid, or the topic exists with another number of partitions
     * @throws SandboxException if the broker does not do it within half a minute
     */
    default void createTopic(String name, int partitions) {
        Topics.create(kafkaBootstrap(), name, partitions);
    }

    /** Stops the servers and deletes what they stored. A second call does nothing. */
    @Override
    void close();
}
