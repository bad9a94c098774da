package dev.tidemark.jobs.sink;

import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.Fence;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to Postgres for one view, replaced after each failure. */
final class PostgresSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

    private final String viewId;
    private final JdbcConnectionProvider connections;

    /** @param connection as {@link HistorySink#connection} makes it; it is not used before {@link #run} */
    PostgresSession(String viewId, JdbcConnectionOptions connection) {
        this.viewId = viewId;
        connections = new SimpleJdbcConnectionProvider(connection);
        PostgresDriver.unlist();
    }

    /**
     * Enters the fence, which shuts out whom the writer replaces.
     *
     * @throws IOException if Postgres refuses, or stays away for longer than the patience, or the task is cancelled meanwhile
     * @throws dev.tidemark.stores.FencedException if the writer was replaced itself
     */
    Epoch enter(Writer writer, StorePatience patience) throws IOException {
        Epoch[] epoch = new Epoch[1];
        try {
            patience.attempt(
                    "enter the fence of " + viewId + " in Postgres",
                    () -> run(connection -> epoch[0] = Fence.enter(connection, viewId, writer)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The task was cancelled while it waited for Postgres.", e);
        }
        return epoch[0];
    }

    /**
     * Does something with the connection, which is closed if that fails.
     *
     * @throws StoreAwayException if Postgres may do it later
     * @throws IOException if Postgres refuses to
     */
    void run(Action action) throws StoreAwayException, IOException {
        boolean done = false;
        try {
            action.run(open());
            done = true;
        } catch (SQLException e) {
            SQLException reason = e.getNextException() == null ? e : e.getNextException();
            if (SqlFailures.mayPass(reason)) {
                throw new StoreAwayException(reason);
            }
            throw new IOException("Postgres refused rows of view " + viewId + ": " + reason.getMessage(), reason);
        } catch (ClassNotFoundException e) {
            throw new IOException("The Postgres driver is not on the class path.", e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Connection open() throws SQLException, ClassNotFoundException {
        Connection current = connections.getConnection();
        if (current != null) {
            return current;
        }
        Connection fresh = connections.getOrEstablishConnection();
        // Postgres gives up first. Else a statement that waits for a lock would wait on when nobody listens any more,
        // keep the writer's successor out, and have another behind it with each attempt.
        try (Statement statement = fresh.createStatement()) {
            statement.execute("set statement_timeout = " + fresh.getNetworkTimeout() / 6 * 5);
        }
        return fresh;
    }

    /** Never throws: an exception from a broken connection must not hide what broke it, nor take the TaskManager down. */
    @Override
    public void close() {
        try {
            connections.closeConnection();
        } catch (RuntimeException e) {
            LOG.warn("Could not close the connection to Postgres: {}", e.toString());
        }
    }

    /** What to do with a connection. */
    @FunctionalInterface
    interface Action {
        void run(Connection connection) throws SQLException;
    }
}
