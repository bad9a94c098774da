package dev.tidemark.stores;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Decides, in Postgres, who may write the rows of a view version. Each writer enters once when it starts; whoever it replaces
 * cannot write from then on, for every flush into the history finds its {@link Epoch} unchanged in the same transaction or writes
 * nothing, and the online store refuses older epochs. The tables are the registry's ({@link Registry#open}).
 *
 * <p>The number of an epoch grows even if the tables are lost or restored from a backup, because a new run's starts from the
 * clock of Postgres: rows that survived elsewhere do not lock their writer out.
 */
public final class Fence {
    /** The SQLSTATE of a flush that the fence stopped; a class of its own. */
    static final String FENCED_STATE = "TMF01";

    private static final String KEY = "view_id = ? and line = ?";

    /** What all members of a run have reached that write the history, or what those of earlier runs had; null if that is not known. */
    private static final String REACHED = "(select greatest(f.settled,"
            + " case when count(*) = count(w.settled) then min(w.settled) end) from tidemark.fence_writer w"
            + " where w.view_id = f.view_id and w.line = f.line and w.member like '" + Writer.HISTORY + "/%')";

    private Fence() {}

    /**
     * Lets a writer in and shuts out whom it replaces: all writers of an older run or another job on the same line, and older attempts of itself.
     * Waits for a flush of theirs that is being committed. Entering again gives the same epoch.
     *
     * @param connection in any state but in a transaction; it is left in the same
     * @throws FencedException if the job, the run or the attempt was itself replaced already
     * @throws SQLException if Postgres does not do what it is asked
     */
    public static Epoch enter(Connection connection, String viewId, Writer writer) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Epoch epoch = enterInTransaction(connection, viewId, writer);
            connection.commit();
            return epoch;
        } catch (FencedException | SQLException e) {
            undo(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /** Without it, what ends the transaction would say that it had failed, and hide why. */
    private static void undo(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private static Epoch enterInTransaction(Connection connection, String viewId, Writer writer) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A program that is stopped in here must not hold up its successor for long.
            statement.execute("set local idle_in_transaction_session_timeout = '30s'");
        }
        update(
                connection,
                "insert into tidemark.fence (view_id, line, job, run, serial) values (?, ?, '', '', 0) on conflict do nothing",
                viewId,
                writer.line().spelling());
        Epoch epoch = Epoch.of(viewId, writer, serial(connection, viewId, writer));
        int entered = update(
                connection,
                "insert into tidemark.fence_writer as w (view_id, line, member, epoch) values (?, ?, ?, "
                        + epoch.number()
                        + ") on conflict (view_id, line, member) do update set epoch = excluded.epoch"
                        + " where w.epoch <= excluded.epoch",
                viewId,
                writer.line().spelling(),
                writer.member());
        if (entered == 0) {
            throw FencedException.of(viewId, writer);
        }
        return epoch;
    }

    /** The serial number of the writer's run, which is the newest now. */
    private static long serial(Connection connection, String viewId, Writer writer) throws SQLException {
        String line = writer.line().spelling();
        String sql = "select job, run, serial, greatest(serial + 1, extract(epoch from clock_timestamp())::bigint)"
                + " from tidemark.fence where " + KEY + " for update";
        String job;
        long next;
        try (PreparedStatement select = prepare(connection, sql, viewId, line);
                ResultSet result = select.executeQuery()) {
            result.next();
            job = result.getString(1);
            if (job.equals(writer.job()) && result.getString(2).equals(writer.run())) {
                return result.getLong(3);
            }
            next = result.getLong(4);
        }
        String past = "select 1 from tidemark.fence_run where " + KEY + " and job = ?";
        if (job.equals(writer.job())
                ? exists(connection, past + " and run = ?", viewId, line, job, writer.run())
                : exists(connection, past, viewId, line, writer.job())) {
            throw FencedException.of(viewId, writer);
        }
        String remember = "insert into tidemark.fence_run (view_id, line, job, run) values (?, ?, ?, ?)";
        update(connection, remember, viewId, line, writer.job(), writer.run());
        update(connection, "update tidemark.fence f set settled = " + REACHED + " where " + KEY, viewId, line);
        String change = "update tidemark.fence set job = ?, run = ?, serial = " + next + " where " + KEY;
        update(connection, change, writer.job(), writer.run(), viewId, line);
        update(connection, "delete from tidemark.fence_writer where " + KEY, viewId, line);
        return next;
    }

    /**
     * Records how far a member of a run has come that writes the history. Does nothing if the epoch is over.
     *
     * @param instant every row up to there is in the history, epoch milliseconds
     * @throws SQLException if Postgres does not do what it is asked
     */
    public static void settled(Connection connection, Epoch epoch, long instant) throws SQLException {
        update(
                connection,
                "update tidemark.fence_writer set settled = " + instant + " where " + KEY
                        + " and member = ? and epoch = " + epoch.number(),
                epoch.viewId(),
                epoch.writer().line().spelling(),
                epoch.writer().member());
    }

    /** Up to which instant, epoch milliseconds, live jobs have said that every settled row is in the history; null if none has. */
    static @Nullable Long settled(Connection connection, String viewId) throws SQLException {
        String sql = "select " + REACHED + " from tidemark.fence f where " + KEY;
        try (PreparedStatement select = prepare(connection, sql, viewId, Writer.Line.LIVE.spelling());
                ResultSet result = select.executeQuery()) {
            return result.next() ? result.getObject(1, Long.class) : null;
        }
    }

    private static boolean exists(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = prepare(connection, sql, parameters);
                ResultSet result = select.executeQuery()) {
            return result.next();
        }
    }

    /** As a statement of PL/pgSQL: goes on if the epoch is still its writer's, and until the transaction ends nobody can take it away. */
    static String checkSql(Epoch epoch) {
        Writer writer = epoch.writer();
        return "perform 1 from tidemark.fence_writer where view_id = " + SqlName.literal(epoch.viewId())
                + " and line = "
                + SqlName.literal(writer.line().spelling()) + " and member = " + SqlName.literal(writer.member())
                + " and epoch = " + epoch.number() + " for share;\n"
                + "if not found then raise exception using errcode = '" + FENCED_STATE
                + "', message = 'fenced'; end if;\n";
    }

    private static int update(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, String... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        return statement;
    }
}
