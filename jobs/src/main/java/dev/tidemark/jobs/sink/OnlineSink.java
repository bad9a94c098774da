package dev.tidemark.jobs.sink;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Writes the provisional rows of one view into the online store, within milliseconds. */
public final class OnlineSink implements Sink<RowUpdate> {
    private static final long serialVersionUID = 1L;

    private final FeatureView view;
    private final String redisUri;
    private final Batching batching;
    private final StorePatience patience;

    /**
     * A sink for a view.
     *
     * @param redisUri for example {@code redis://127.0.0.1:6379}
     */
    public OnlineSink(FeatureView view, String redisUri, Batching batching, StorePatience patience) {
        this.view = view;
        this.redisUri = redisUri;
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
    public SinkWriter<RowUpdate> createWriter(WriterInitContext context) {
        return new OnlineWriter(
                view,
                RedisOnlineStore.connect(redisUri),
                batching,
                patience,
                context.getProcessingTimeService(),
                context.metricGroup());
    }
}
