package dev.tidemark.jobs.sink;

import java.sql.SQLException;
import java.util.Set;

/** Which failures of Postgres may pass by themselves. */
final class SqlFailures {
    /**
     * Classes of SQLSTATE: connection, transaction rollback (deadlocks), insufficient resources, operator intervention (shutdown, start-up) and
     * system error.
     */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

    /**
     * Of other classes: a server that does not take writes, as a replica does until it takes over, a transaction that was idle or took
     * for too long, and a lock that was not to be had in time.
     */
    private static final Set<String> PASSING_STATES = Set.of("25006", "25P03", "25P04", "55P03");

    private SqlFailures() {}

    static boolean mayPass(SQLException failure) {
        String state = failure.getSQLState();
        // Without a state, the driver itself failed, as it does when a connection goes away.
        return state == null
                || state.length() < 2
                || PASSING.contains(state.substring(0, 2))
                || PASSING_STATES.contains(state);
    }
}
