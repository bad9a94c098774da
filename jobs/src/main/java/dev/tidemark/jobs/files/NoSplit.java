package dev.tidemark.jobs.files;

import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** What Flink's source interface wants of a source whose single reader knows by itself what to read: nothing, in all forms. */
record NoSplit() implements SourceSplit {
    @Override
    public String splitId() {
        return "none";
    }

    static final class Enumerator implements SplitEnumerator<NoSplit, NoSplit> {
        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, @Nullable String host) {}

        @Override
        public void addSplitsBack(List<NoSplit> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public NoSplit snapshotState(long checkpoint) {
            return new NoSplit();
        }

        @Override
        public void close() {}
    }

    static final class Serializer implements SimpleVersionedSerializer<NoSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(NoSplit split) {
            return new byte[0];
        }

        @Override
        public NoSplit deserialize(int version, byte[] bytes) {
            return new NoSplit();
        }
    }
}
