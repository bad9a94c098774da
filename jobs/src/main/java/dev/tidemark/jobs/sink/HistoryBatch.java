package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.sink.StorePatience.StoreAwayException;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.Fence;
import dev.tidemark.stores.HistoryLoader;
import dev.tidemark.stores.HistoryWrite;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows of one view into its history, under one epoch. */
final class HistoryBatch implements AutoCloseable {
    private final FeatureView view;
    private final RowCodec codec;
    private final Epoch epoch;
    private final PostgresSession session;
    private @Nullable Connection connection;
    private @Nullable HistoryLoader loader;

    HistoryBatch(FeatureView view, Epoch epoch, PostgresSession session) {
        this.view = view;
        this.codec = RowCodec.of(view);
        this.epoch = epoch;
        this.session = session;
    }

    /**
     * Writes all of the rows or none.
     *
     * @param rows no two with the same entity and valid_from
     * @throws StoreAwayException if Postgres may take them later
     * @throws IOException if Postgres refuses them
     * @throws dev.tidemark.stores.FencedException if another writer has taken this one's place
     */
    void write(Collection<RowUpdate> rows) throws StoreAwayException, IOException {
        List<HistoryWrite> writes = new ArrayList<>(rows.size());
        for (RowUpdate row : rows) {
            writes.add(
                    row.deletes()
                            ? HistoryWrite.deletion(view, row.key(), row.validFrom())
                            : new HistoryWrite(view, row.key(), codec.decode(row.packed())));
        }
        session.run(open -> loader(open).write(writes));
    }

    /**
     * Records that every row up to an instant, epoch milliseconds, is in the history. Only live jobs do.
     *
     * @throws StoreAwayException if Postgres may do it later
     * @throws IOException if Postgres refuses to
     */
    void settled(long instant) throws StoreAwayException, IOException {
        if (epoch.writer().line() == Writer.Line.LIVE) {
            session.run(open -> Fence.settled(open, epoch, instant));
        }
    }

    /**
     * Drops the months that end at or before an instant, epoch milliseconds.
     *
     * @throws StoreAwayException if Postgres may do it later
     * @throws IOException if Postgres refuses to
     */
    void forget(long horizon) throws StoreAwayException, IOException {
        session.run(open -> loader(open).forget(horizon));
    }

    private HistoryLoader loader(Connection open) throws SQLException {
        HistoryLoader current = loader;
        if (current == null || open != connection) {
            current = new HistoryLoader(open, view, epoch);
            loader = current;
            connection = open;
        }
        return current;
    }

    /** Never throws. */
    @Override
    public void close() {
        session.close();
    }
}
