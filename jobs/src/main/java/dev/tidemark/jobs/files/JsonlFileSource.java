package dev.tidemark.jobs.files;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The records of a source from files, one JSON object a line; each file is one partition, and the number of a line is its offset.
 *
 * <p>To be run with one instance: a single reader takes the files in step with their event times. There are no splits and nothing
 * to restore: a job that is restarted reads from the beginning.
 */
final class JsonlFileSource implements org.apache.flink.api.connector.source.Source<SourceRecord, NoSplit, NoSplit> {
    private static final long serialVersionUID = 1L;

    private final Source source;
    private final List<FeatureView> views;
    private final List<String> files;

    JsonlFileSource(Source source, List<FeatureView> views, List<Path> files) {
        this.source = source;
        this.views = List.copyOf(views);
        this.files = files.stream().map(Path::toString).toList();
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<SourceRecord, NoSplit> createReader(SourceReaderContext context) {
        return new JsonlFileReader(source, views, files.stream().map(Path::of).toList());
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> createEnumerator(SplitEnumeratorContext<NoSplit> context) {
        return new NoSplit.Enumerator();
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> restoreEnumerator(
            SplitEnumeratorContext<NoSplit> context, NoSplit checkpoint) {
        return new NoSplit.Enumerator();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new NoSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getEnumeratorCheckpointSerializer() {
        return new NoSplit.Serializer();
    }
}
