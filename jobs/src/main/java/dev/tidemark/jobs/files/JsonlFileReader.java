package dev.tidemark.jobs.files;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.ingest.EventTimeProgress;
import dev.tidemark.jobs.record.SourceRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files of a source in step: the next line always comes from the file whose event time is furthest behind. The
 * watermark is that of the file furthest behind among those that still have lines, so no event can land behind it.
 * After the last line it moves to the last event, which settles the instant just after it.
 */
final class JsonlFileReader implements SourceReader<SourceRecord, NoSplit> {
    /** A watermark for every line would make every line a round through the timers of all entities. */
    private static final int LINES_A_WATERMARK = 200;

    private final EventReader reader;
    private final long allowedLateness;
    private final List<Path> paths;
    private final List<Partition> unfinished = new ArrayList<>();
    private long greatest = SourceRecord.NO_TIME;
    private long lines;

    JsonlFileReader(Source source, List<FeatureView> views, List<Path> paths) {
        this.reader = new EventReader(source, views);
        this.allowedLateness = source.allowedLateness().toMillis();
        this.paths = paths;
    }

    @Override
    public void start() {
        for (int i = 0; i < paths.size(); i++) {
            unfinished.add(new Partition(i, paths.get(i)));
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<SourceRecord> output) throws IOException {
        Partition partition = furthestBehind();
        if (partition == null) {
            if (greatest != SourceRecord.NO_TIME) {
                output.emitWatermark(new Watermark(greatest));
            }
            return InputStatus.END_OF_INPUT;
        }
        SourceRecord record = partition.next();
        if (record == null) {
            unfinished.remove(partition);
            return InputStatus.MORE_AVAILABLE;
        }
        output.collect(record, record.time());
        greatest = Math.max(greatest, partition.greatest);
        lines++;
        if (lines % LINES_A_WATERMARK == 0) {
            emitWatermark(output);
        }
        return InputStatus.MORE_AVAILABLE;
    }

    private void emitWatermark(ReaderOutput<SourceRecord> output) {
        Partition partition = furthestBehind();
        if (partition != null && partition.greatest != SourceRecord.NO_TIME) {
            output.emitWatermark(new Watermark(EventTimeProgress.watermark(partition.greatest, allowedLateness)));
        }
    }

    private @Nullable Partition furthestBehind() {
        return unfinished.stream()
                .min(Comparator.comparingLong(partition -> partition.greatest))
                .orElse(null);
    }

    @Override
    public List<NoSplit> snapshotState(long checkpoint) {
        return List.of();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void addSplits(List<NoSplit> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() throws IOException {
        for (Partition partition : unfinished) {
            partition.close();
        }
    }

    /** One file; it is opened when its first line is wanted and closed after its last. */
    private final class Partition {
        private final int number;
        private final Path path;
        private @Nullable LineFile file;
        private long greatest = SourceRecord.NO_TIME;

        Partition(int number, Path path) {
            this.number = number;
            this.path = path;
        }

        @Nullable
        SourceRecord next() throws IOException {
            LineFile open = file == null ? LineFile.open(path) : file;
            file = open;
            if (!open.next()) {
                close();
                return null;
            }
            SourceRecord record = reader.read(number, open.number(), 0, open.line());
            if (record.refusal() == null) {
                // A late event is no greater than what came before it in its file.
                greatest = Math.max(greatest, record.time());
            }
            return record;
        }

        void close() throws IOException {
            if (file != null) {
                file.close();
                file = null;
            }
        }
    }
}
