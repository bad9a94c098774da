package dev.tidemark.defs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads definitions and checks them as a whole. */
public final class DefinitionReader {
    private DefinitionReader() {}

    /**
     * Reads every {@code .yaml} and {@code .yml} file below a directory, in the order of their paths.
     *
     * @throws InvalidDefinitionsException if anything is wrong with them, or there is none; it lists every problem
     * @throws IOException if the directory or a file cannot be read
     */
    public static Definitions readDirectory(Path directory) throws InvalidDefinitionsException, IOException {
        throw new IOException("to be written " + directory);
    }

    /**
     * Reads texts of one or more YAML (or JSON) documents each.
     *
     * @throws InvalidDefinitionsException if anything is wrong with them; it lists every problem
     */
    public static Definitions read(List<Text> texts) throws InvalidDefinitionsException {
        throw new InvalidDefinitionsException(List.of());
    }

    /** A text and the name under which its problems are reported. */
    public record Text(String name, String content) {}
}
