package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.TimedSockets;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.jspecify.annotations.Nullable;

/** Writes the settled rows of one view into its history table in Postgres, which must exist. */
public final class HistorySink implements Sink<RowUpdate> {
    private static final long serialVersionUID = 1L;
    private static final int CHECK_SECONDS = 5;

    private final FeatureView view;
    private final JdbcConnectionOptions connection;
    private final JdbcExecutionOptions execution;
    private final StorePatience patience;
    private final Writer.Line line;

    /** A sink for the rows that the live job settles. */
    public HistorySink(
            FeatureView view,
            JdbcConnectionOptions connection,
            JdbcExecutionOptions execution,
            StorePatience patience) {
        this(view, connection, execution, patience, Writer.Line.LIVE);
    }

    /**
     * A sink for a view.
     *
     * @param connection as {@link #connection} makes it
     * @param execution the batch size and the batch interval, in milliseconds; its number of retries is not used
     * @param line whether it writes as the live job or as a repair, such as a backfill, which leaves the live job's rows alone
     */
    public HistorySink(
            FeatureView view,
            JdbcConnectionOptions connection,
            JdbcExecutionOptions execution,
            StorePatience patience,
            Writer.Line line) {
        this.view = view;
        this.connection = connection;
        this.execution = execution;
        this.patience = patience;
        this.line = line;
    }

    /**
     * How to connect.
     *
     * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/tidemark}
     * @param user null if the URL says it
     * @param password null if the URL says it, or none is needed
     */
    public static JdbcConnectionOptions connection(String jdbcUrl, @Nullable String user, @Nullable String password) {
        // The timeouts turn a connection that has silently died into an error, which is tried again.
        return new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                .withUrl(jdbcUrl)
                .withDriverName("org.postgresql.Driver")
                .withUsername(user)
                .withPassword(password)
                .withConnectionCheckTimeoutSeconds(CHECK_SECONDS)
                .withProperty("ApplicationName", "tidemark-job")
                .withProperty("connectTimeout", "10")
                .withProperty("socketTimeout", "60")
                .withProperty("socketFactory", TimedSockets.class.getName())
                .withProperty("tcpKeepAlive", "true")
                .withProperty("targetServerType", Postgres.targetServerType(jdbcUrl))
                .build();
    }

    @Override
    public SinkWriter<RowUpdate> createWriter(WriterInitContext context) throws IOException {
        PostgresSession session = new PostgresSession(view.id(), connection);
        Writer writer = WriterIdentity.of(line, Writer.HISTORY, context);
        HistoryBatch batch = new HistoryBatch(view, session.enter(writer, patience), session);
        // One of the subtasks drops old months for all.
        Duration retained = context.getTaskInfo().getIndexOfThisSubtask() == 0
                ? view.history().retention()
                : null;
        ProcessingTimeService clock = context.getProcessingTimeService();
        HistoryRetention retention = new HistoryRetention(retained, clock, batch);
        return new HistoryWriter(batch, retention, execution, patience, clock, context.metricGroup());
    }
}
