package dev.tidemark.jobs.backfill;

import dev.tidemark.jobs.record.RowUpdate;
import java.io.IOException;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Passes on the rows of a range of time, and no others. */
final class RangeSink implements Sink<RowUpdate> {
    private static final long serialVersionUID = 1L;

    private final Sink<RowUpdate> rows;
    private final long from;
    private final long before;

    /**
     * A sink for the rows with valid_from in {@code [from, before)}.
     *
     * @param rows a sink without state
     * @param from epoch milliseconds
     * @param before epoch milliseconds
     */
    RangeSink(Sink<RowUpdate> rows, long from, long before) {
        this.rows = rows;
        this.from = from;
        this.before = before;
    }

    @Override
    public SinkWriter<RowUpdate> createWriter(WriterInitContext context) throws IOException {
        SinkWriter<RowUpdate> writer = rows.createWriter(context);
        return new SinkWriter<>() {
            @Override
            public void write(RowUpdate row, Context rowContext) throws IOException, InterruptedException {
                if (row.validFrom() >= from && row.validFrom() < before) {
                    writer.write(row, rowContext);
                }
            }

            @Override
            public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
                writer.writeWatermark(watermark);
            }

            @Override
            public void flush(boolean endOfInput) throws IOException, InterruptedException {
                writer.flush(endOfInput);
            }

            @Override
            public void close() throws Exception {
                writer.close();
            }
        };
    }
}
