package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.ByteStreamWriter;

/**
 * Writes batches into the history of one view version over one connection, which nobody else uses meanwhile: COPY into a temporary
 * table, then one statement that checks the fence and moves the rows. Makes the parts of the table that the rows need.
 */
public final class HistoryLoader {
    /** What Postgres says of a row that no part of the table takes. */
    private static final String NO_PART_STATE = "23514";

    private final Connection connection;
    private final HistoryTable table;
    private final Epoch epoch;
    private final HistoryLoad load;
    private final CopyRows copy;
    private final Set<HistoryPartition> parts = new HashSet<>();

    /**
     * A loader over a connection that commits by itself.
     *
     * @throws IllegalArgumentException if the epoch is not one of the view
     * @throws SQLException if the view has no table, or Postgres does not do what it is asked
     */
    public HistoryLoader(Connection connection, FeatureView view, Epoch epoch) throws SQLException {
        epoch.checkOwns(view);
        this.connection = connection;
        this.table = HistoryTable.of(view);
        this.epoch = epoch;
        this.load = new HistoryLoad(table, epoch);
        this.copy = new CopyRows(table);
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            for (String sql : load.stageSql()) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Writes and deletes rows, all of them or none. Rows that a later epoch wrote stay as they are. After a failure the loader
     * can only be thrown away.
     *
     * @param writes no two of the same entity and valid_from
     * @throws FencedException if the epoch is over
     * @throws IllegalArgumentException if Postgres cannot hold a value; it says which
     * @throws SQLException if Postgres does not do what it is asked
     */
    public void write(Collection<HistoryWrite> writes) throws SQLException {
        if (writes.isEmpty()) {
            return;
        }
        byte[] rows = copy.encode(writes);
        int deletions = (int) writes.stream().filter(HistoryWrite::deletes).count();
        makeParts(writes);
        copyIn(rows);
        LongSummaryStatistics times =
                writes.stream().mapToLong(HistoryWrite::validFrom).summaryStatistics();
        String move = load.moveSql(
                writes.size() - deletions,
                deletions,
                HistoryPartition.of(times.getMin()),
                HistoryPartition.of(times.getMax()));
        try {
            move(move);
        } catch (SQLException e) {
            if (!NO_PART_STATE.equals(e.getSQLState())) {
                throw e;
            }
            // A part was dropped since it was seen. The rows are in the stage still.
            parts.clear();
            makeParts(writes);
            move(move);
        }
    }

    private void move(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (Fence.FENCED_STATE.equals(e.getSQLState())) {
                throw FencedException.of(epoch.viewId(), epoch.writer());
            }
            throw e;
        }
    }

    /**
     * Drops the months (UTC) of the history that end at or before an instant. Gives up after some seconds if somebody reads them.
     *
     * @param horizon epoch milliseconds
     * @return how many parts of the table went
     */
    public int forget(long horizon) throws SQLException {
        return HistoryParts.dropBefore(connection, table, horizon);
    }

    private void copyIn(byte[] rows) throws SQLException {
        CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
        try {
            manager.copyIn(load.copySql(), ByteStreamWriter.of(java.nio.ByteBuffer.wrap(rows)));
        } catch (IOException e) {
            throw new SQLException("The connection broke: " + e.getMessage(), e);
        }
    }

    private void makeParts(Collection<HistoryWrite> writes) throws SQLException {
        List<HistoryPartition> missing = new ArrayList<>();
        HistoryPartition part = HistoryPartition.of(0);
        for (HistoryWrite write : writes) {
            if (!part.contains(write.validFrom())) {
                part = HistoryPartition.of(write.validFrom());
            }
            if (!write.deletes() && parts.add(part)) {
                missing.add(part);
                // Ahead of time, so that nobody waits for it when the month begins.
                if (part.isMonth() && parts.add(part.next())) {
                    missing.add(part.next());
                }
            }
        }
        if (!missing.isEmpty()) {
            HistoryParts.make(connection, table, missing);
        }
    }
}
