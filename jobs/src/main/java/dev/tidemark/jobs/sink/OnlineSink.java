package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Writer;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;

/** Writes the provisional rows of one view into the online store, within milliseconds. */
public final class OnlineSink implements Sink<RowUpdate> {
    private static final long serialVersionUID = 1L;

    private final FeatureView view;
    private final String redisUri;
    private final JdbcConnectionOptions postgres;
    private final Batching batching;
    private final StorePatience patience;

    /**
     * A sink for a view.
     *
     * @param redisUri for example {@code redis://127.0.0.1:6379}
     * @param postgres where the fence is, as {@link HistorySink#connection} makes it
     */
    public OnlineSink(
            FeatureView view,
            String redisUri,
            JdbcConnectionOptions postgres,
            Batching batching,
            StorePatience patience) {
        this.view = view;
        this.redisUri = redisUri;
        this.postgres = postgres;
        this.batching = batching;
        this.patience = patience;
    }

    /**
     * When a batch is sent.
     *
     * @param rows as soon as it has so many entities
     * @param delay at the latest so long after its first row
     */
    public record Batching(int rows, Duration delay) implements Serializable {
        /** Small enough that a person does not see the wait, large enough that a round trip carries many rows. */
        public static final Batching DEFAULT = new Batching(1_000, Duration.ofMillis(20));
    }

    @Override
    public SinkWriter<RowUpdate> createWriter(WriterInitContext context) throws IOException {
        Writer writer = WriterIdentity.of(Writer.Line.LIVE, "online", context);
        Epoch epoch;
        try (PostgresSession session = new PostgresSession(view.id(), postgres)) {
            epoch = session.enter(writer, patience);
        }
        RedisOnlineStore store = RedisOnlineStore.connect(redisUri);
        TaskInfo task = context.getTaskInfo();
        FrontierPublisher frontier = new FrontierPublisher(
                view, epoch, store, task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks());
        return new OnlineWriter(
                view,
                epoch,
                store,
                frontier,
                batching,
                patience,
                context.getProcessingTimeService(),
                context.metricGroup());
    }
}
