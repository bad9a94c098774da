package dev.tidemark.jobs.files;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;

/** Reads what a {@link SpillSink} wrote. */
final class SpillFiles {
    private SpillFiles() {}

    /** Everything that the instances of one sink wrote, in no particular order. */
    static <T> List<T> read(Path directory, String name, TypeInformation<T> type) throws IOException {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        List<T> all = new ArrayList<>();
        for (int instance = 0; Files.exists(directory.resolve(name + "-" + instance)); instance++) {
            read(directory.resolve(name + "-" + instance), serializer, all);
        }
        return all;
    }

    private static <T> void read(Path file, TypeSerializer<T> serializer, List<T> into) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            DataInputViewStreamWrapper view = new DataInputViewStreamWrapper(in);
            while (!atEnd(in)) {
                into.add(serializer.deserialize(view));
            }
        } catch (EOFException e) {
            throw new IOException("The file " + file + " ends in the middle of a record.", e);
        }
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next < 0;
    }
}
