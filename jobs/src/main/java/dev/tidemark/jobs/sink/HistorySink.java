package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.RowUpdate;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.jspecify.annotations.Nullable;

/** Writes the settled rows of one view into its history table in Postgres, which must exist. */
public final class HistorySink implements Sink<RowUpdate> {
    private static final long serialVersionUID = 1L;
    private static final int CHECK_SECONDS = 5;

    private final FeatureView view;
    private final JdbcConnectionOptions connection;
    private final JdbcExecutionOptions execution;
    private final StorePatience patience;

    /**
     * A sink for a view.
     *
     * @param connection as {@link #connection} makes it
     * @param execution the batch size and the batch interval, in milliseconds; its number of retries is not used
     */
    public HistorySink(
            FeatureView view,
            JdbcConnectionOptions connection,
            JdbcExecutionOptions execution,
            StorePatience patience) {
        this.view = view;
        this.connection = connection;
        this.execution = execution;
        this.patience = patience;
    }

    /**
     * How to connect.
     *
     * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/tidemark}
     * @param user null if the URL says it
     * @param password null if the URL says it, or none is needed
     */
    public static JdbcConnectionOptions connection(String jdbcUrl, @Nullable String user, @Nullable String password) {
        // One statement for many rows is safe only because a batch names no row twice. The timeouts turn a connection
        // that
        // has silently died into an error, which is tried again.
        return new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                .withUrl(jdbcUrl)
                .withDriverName("org.postgresql.Driver")
                .withUsername(user)
                .withPassword(password)
                .withConnectionCheckTimeoutSeconds(CHECK_SECONDS)
                .withProperty("reWriteBatchedInserts", "true")
                .withProperty("ApplicationName", "tidemark-job")
                .withProperty("connectTimeout", "10")
                .withProperty("socketTimeout", "60")
                .withProperty("tcpKeepAlive", "true")
                .build();
    }

    @Override
    public SinkWriter<RowUpdate> createWriter(WriterInitContext context) {
        HistoryBatch batch = new HistoryBatch(view, new SimpleJdbcConnectionProvider(connection));
        return new HistoryWriter(batch, execution, patience, context.getProcessingTimeService(), context.metricGroup());
    }
}
