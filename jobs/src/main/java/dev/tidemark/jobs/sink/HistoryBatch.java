package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.stores.HistoryTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import org.apache.flink.connector.jdbc.JdbcStatementBuilder;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upserts rows of one view into its history table, a transaction a batch, over one connection that is replaced when it breaks. */
final class HistoryBatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryBatch.class);

    private final String viewId;
    private final HistoryTable table;
    private final JdbcConnectionProvider connections;
    private final JdbcStatementBuilder<RowUpdate> binder;

    HistoryBatch(FeatureView view, JdbcConnectionProvider connections) {
        this.viewId = view.id();
        this.table = HistoryTable.of(view);
        this.connections = connections;
        RowCodec codec = RowCodec.of(view);
        this.binder = (statement, update) ->
                table.bind(statement, JoinKeys.decode(view.entity(), update.key()), codec.decode(update.row()));
    }

    /**
     * Writes all of the rows or none.
     *
     * @param rows no two with the same entity and valid_from
     * @throws StoreAwayException if Postgres may take them later
     * @throws IOException if Postgres refuses them
     */
    void write(Collection<RowUpdate> rows) throws StoreAwayException, IOException {
        try {
            Connection connection = connections.getOrEstablishConnection();
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(table.upsertSql())) {
                for (RowUpdate row : rows) {
                    binder.accept(statement, row);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        } catch (SQLException e) {
            close();
            SQLException reason = e.getNextException() == null ? e : e.getNextException();
            if (SqlFailures.mayPass(reason)) {
                throw new StoreAwayException(reason);
            }
            throw new IOException("Postgres refused rows of view " + viewId + ": " + reason.getMessage(), reason);
        } catch (ClassNotFoundException e) {
            throw new IOException("The Postgres driver is not on the class path.", e);
        }
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
}
