package dev.tidemark.stores;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.SocketTimeoutException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool of connections to one Postgres database. */
public final class Postgres implements AutoCloseable {
    /** One or more hosts, each with a port or without, a database and options; an IPv6 address stands in brackets. */
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://(HOST(,HOST)*)?/[^?\\s]*([?].*)?"
            .replace("HOST", "([^/?:,\\[\\]\\s]+|\\[[0-9a-fA-F:.]+])(:PORT)?")
            .replace("PORT", "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"));

    private static final Pattern SEVERAL_HOSTS = Pattern.compile("jdbc:postgresql://[^/?]*,.*");

    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 4;
    private static final Duration MOMENT = Duration.ofSeconds(5);
    /** Any number will do as long as all programs take the same lock before they change tables or definitions. */
    static final long CHANGE_LOCK = 0x7469_6465_6D61_726BL;

    private final HikariDataSource dataSource;
    private final String address;
    private final Duration moment;

    private Postgres(HikariDataSource dataSource, String address, Duration moment) {
        this.dataSource = dataSource;
        this.address = address;
        this.moment = moment;
    }

    /**
     * A pool for a database. Connections are made when they are needed, so this returns even while Postgres is down.
     *
     * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/tidemark}
     * @param user null if the URL says it
     * @param password null if the URL says it, or none is needed
     * @throws IllegalArgumentException if that is not a URL of a Postgres database
     */
    public static Postgres connect(String jdbcUrl, @Nullable String user, @Nullable String password) {
        return connect(jdbcUrl, user, password, MOMENT);
    }

    /**
     * As {@link #connect(String, String, String)}.
     *
     * @param moment how long Postgres may take over what takes it a moment if all is well
     */
    static Postgres connect(String jdbcUrl, @Nullable String user, @Nullable String password, Duration moment) {
        checkUrl(jdbcUrl);
        HikariConfig config = new HikariConfig();
        config.setPoolName("tidemark-postgres");
        // Named, because a driver in a child class loader does not announce itself.
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(jdbcUrl);
        if (user != null) {
            config.setUsername(user);
        }
        if (password != null) {
            config.setPassword(password);
        }
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "tidemark");
        // A long scan is silent for as long as it needs; with this, one whose other end is gone comes to an end.
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("targetServerType", targetServerType(jdbcUrl));
        return new Postgres(new HikariDataSource(config), withoutSecrets(jdbcUrl), moment);
    }

    /**
     * Looks at a JDBC URL without using it. The driver would, too, but writes what it does not understand to standard error, password and all.
     *
     * @throws IllegalArgumentException if that is not a URL of a Postgres database; the message does not repeat it
     */
    public static void checkUrl(String jdbcUrl) {
        if (!URL.matcher(jdbcUrl).matches()) {
            throw new IllegalArgumentException(
                    "The address of Postgres is not of the form jdbc:postgresql://host:port/database.");
        }
    }

    /**
     * The driver's property of that name: of several hosts the one that can be written to, since the others are its replicas. The driver
     * puts what the URL itself says above it.
     */
    public static String targetServerType(String jdbcUrl) {
        return SEVERAL_HOSTS.matcher(jdbcUrl).matches() ? "primary" : "any";
    }

    /** The database's address without user, password and options, for messages. */
    public static String withoutSecrets(String jdbcUrl) {
        return jdbcUrl.replaceFirst("[?].*$", "").replaceFirst("//[^/]*@", "//");
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** As {@link #withoutSecrets} shows it. */
    public String address() {
        return address;
    }

    /**
     * Returns if the database answers.
     *
     * @throws PostgresException if not
     */
    public void ping() {
        readLittle("ask for a sign of life", connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("select 1");
            }
        });
    }

    @Override
    public void close() {
        dataSource.close();
    }

    /**
     * Runs an action on a connection of its own; each statement is a transaction.
     *
     * @param operation what it does, to complete "Could not ...", for messages
     * @throws PostgresException if it fails
     */
    <T extends @Nullable Object> T call(String operation, SqlFunction<T> action) {
        try (Connection connection = dataSource.getConnection()) {
            return action.apply(connection);
        } catch (SQLException e) {
            throw failure(operation, e);
        }
    }

    /** As {@link #call}, in one transaction, which is undone if the action throws. */
    <T extends @Nullable Object> T transaction(String operation, SqlFunction<T> action) {
        return call(operation, connection -> {
            // The pool rolls back what is not committed and sets this again when it gets the connection back.
            connection.setAutoCommit(false);
            T result = action.apply(connection);
            connection.commit();
            return result;
        });
    }

    /**
     * As {@link #transaction}, to read what takes a moment. It fails where that takes long: Postgres waits for a lock, or nothing
     * comes from it any more, as when its machine is gone.
     */
    <T extends @Nullable Object> T readLittle(String operation, SqlFunction<T> action) {
        int millis = Math.toIntExact(moment.toMillis());
        return transaction(operation, connection -> {
            // The pool sets this again, too. Postgres has the time to give up first, so that nothing goes on there.
            connection.setNetworkTimeout(Runnable::run, 2 * millis);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local statement_timeout = " + millis);
            }
            return action.apply(connection);
        });
    }

    /** Waits until no other transaction changes tables or definitions; ends with the transaction. */
    static void lockForChanges(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, CHANGE_LOCK);
            lock.execute();
        }
    }

    private PostgresException failure(String operation, SQLException e) {
        String reason = e.getCause() instanceof SocketTimeoutException
                ? "It takes too long, or does not answer any more."
                : reason(e).getMessage();
        return new PostgresException("Could not " + operation + " in Postgres at " + address + ": " + reason, e);
    }

    /** The server's own words, which a batch hides behind a copy of all its values and the pool behind a timeout. */
    private static SQLException reason(SQLException e) {
        if (e instanceof BatchUpdateException && e.getNextException() != null) {
            return e.getNextException();
        }
        return e instanceof SQLTransientConnectionException && e.getCause() instanceof SQLException cause ? cause : e;
    }

    /** What to do with a connection. */
    interface SqlFunction<T extends @Nullable Object> {
        T apply(Connection connection) throws SQLException;
    }
}
