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

    private SqlFailures() {}

    static boolean mayPass(SQLException failure) {
        String state = failure.getSQLState();
        // Without a state, the driver itself failed, as it does when a connection goes away.
        return state == null || state.length() < 2 || PASSING.contains(state.substring(0, 2));
    }
}
