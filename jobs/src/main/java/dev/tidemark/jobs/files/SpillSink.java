package dev.tidemark.jobs.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

/** Writes what it gets into files of a directory, one for each instance, for {@link SpillFiles} to read after the job has ended. */
final class SpillSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final String name;
    private final TypeInformation<T> type;

    /** A sink into {@code <directory>/<name>-<instance>}. */
    SpillSink(Path directory, String name, TypeInformation<T> type) {
        this.directory = directory.toString();
        this.name = name;
        this.type = type;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        Path file = Path.of(directory, name + "-" + context.getTaskInfo().getIndexOfThisSubtask());
        return new Writer<>(type.createSerializer(new SerializerConfigImpl()), file);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final TypeSerializer<T> serializer;
        private final DataOutputViewStreamWrapper out;

        Writer(TypeSerializer<T> serializer, Path file) throws IOException {
            this.serializer = serializer;
            this.out = new DataOutputViewStreamWrapper(new BufferedOutputStream(Files.newOutputStream(file)));
        }

        @Override
        public void write(T element, Context context) throws IOException {
            serializer.serialize(element, out);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
