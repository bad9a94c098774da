package dev.tidemark.jobs.sink;

import java.sql.SQLException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.postgresql.Driver;

/** The JDBC driver of Postgres in a JVM that outlives the job. */
public final class PostgresDriver {
    private PostgresDriver() {}

    /**
     * Takes the driver out of the JVM's list of drivers if it came with the job's own jar. It enters itself there when it is loaded, and
     * the list would hold it, and with it all classes of the job, for as long as the JVM runs. Nobody needs the entry: whoever connects
     * names the class.
     *
     * @throws IllegalStateException if the JVM refuses
     */
    public static synchronized void unlist() {
        if (Driver.class.getClassLoader() == StreamExecutionEnvironment.class.getClassLoader()) {
            return;
        }
        try {
            if (Driver.isRegistered()) {
                Driver.deregister();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The JVM does not let go of the Postgres driver: " + e.getMessage(), e);
        }
    }
}
