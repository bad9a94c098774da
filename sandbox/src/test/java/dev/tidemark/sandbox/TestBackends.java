package dev.tidemark.sandbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers for integration tests: one set for all tests of a JVM, started by the first that asks, gone with the JVM.
 *
 * <p>They are a {@link Sandbox}'s, unless the system property {@value #PROPERTY} is {@code containers}: then they are containers,
 * and where no Docker engine answers the tests fail. Tests share the servers, so each takes databases and topics of its own.
 */
public final class TestBackends {
    public static final String PROPERTY = "tidemark.backends";

    private static final Pattern JDBC_URL = Pattern.compile("(jdbc:postgresql://[^/]+/)[^?]*(\\?.*)");
    /** A Redis has 16 databases unless it is told otherwise; the first is for who asks the shared servers themselves. */
    private static final int REDIS_DATABASES = 16;

    private static final AtomicInteger NEXT_REDIS_DATABASE = new AtomicInteger(1);
    private static @Nullable Backends shared;

    private TestBackends() {}

    /**
     * The servers that all tests of this JVM share. Do not close them.
     *
     * @throws SandboxException if they do not start
     * @throws IllegalArgumentException if the system property asks for something unknown
     */
    public static synchronized Backends shared() {
        if (shared == null) {
            shared = start(System.getProperty(PROPERTY, "sandbox"));
        }
        return shared;
    }

    static Backends start(String kind) {
        return switch (kind) {
            case "sandbox" -> Sandbox.start();
            case "containers" -> ContainerBackends.start();
            default ->
                throw new IllegalArgumentException(
                        "-D%s=%s is neither 'sandbox' nor 'containers'.".formatted(PROPERTY, kind));
        };
    }

    /** Creates an empty database on the shared Postgres and returns a JDBC URL with user and password. */
    public static String newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        String url = shared().postgresJdbcUrl();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new SandboxException("Cannot create a database for a test: " + e.getMessage(), e);
        }
        Matcher matcher = JDBC_URL.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalStateException("Unexpected JDBC URL: " + url);
        }
        return matcher.group(1) + name + matcher.group(2);
    }

    /** Returns the URI of an empty database on the shared Redis, which nobody else uses: keys of one view do not meet there. */
    public static String newOnlineDatabase() {
        int database = NEXT_REDIS_DATABASE.getAndIncrement();
        if (database >= REDIS_DATABASES) {
            throw new IllegalStateException(
                    "The tests of one JVM took all databases of its Redis; start it with more.");
        }
        return shared().redisUri() + "/" + database;
    }

    /**
     * Creates a topic on the shared Kafka and returns its name, which nobody else uses.
     *
     * @param partitions at least 1
     */
    public static String newTopic(String prefix, int partitions) {
        String name = prefix + "-" + UUID.randomUUID();
        shared().createTopic(name, partitions);
        return name;
    }
}
