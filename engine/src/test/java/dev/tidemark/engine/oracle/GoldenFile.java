package dev.tidemark.engine.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an earlier build wrote, in the test resources of a module, to be read by this one. With the system property
 * {@code tidemark.golden} set to {@code write} it is written anew.
 */
public final class GoldenFile {
    private static final Path DIRECTORY =
            Path.of("src/test/resources/golden"); // Tests run in their module's directory.

    private GoldenFile() {}

    /** Makes the bytes anew. */
    @FunctionalInterface
    public interface Writer {
        byte[] bytes() throws Exception;
    }

    /**
     * The bytes of a file.
     *
     * @throws IOException if the file does not exist or cannot be written
     */
    public static byte[] read(String name, Writer writer) throws Exception {
        Path file = DIRECTORY.resolve(name);
        if ("write".equals(System.getProperty("tidemark.golden"))) {
            Files.createDirectories(DIRECTORY);
            Files.write(file, writer.bytes());
        }
        return Files.readAllBytes(file);
    }
}
