package dev.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A release that should never have left the house: it starts, and fails at its first record. */
public final class BrokenJob {
    private BrokenJob() {}

    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.fromSequence(0, Long.MAX_VALUE).map(new Fault()).sinkTo(new DiscardingSink<>());
        environment.executeAsync("tidemark");
    }

    /** Its jar, for a cluster. */
    static Path jar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, BrokenJob.class.getName());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> type : List.of(BrokenJob.class, Fault.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream bytes = BrokenJob.class.getResourceAsStream("/" + name)) {
                    bytes.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        return file;
    }

    /** Always fails. */
    public static final class Fault implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long map(Long number) {
            throw new IllegalStateException("This release is broken.");
        }
    }
}
