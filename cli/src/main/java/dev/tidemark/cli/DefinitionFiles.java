package dev.tidemark.cli;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.SetupCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Definitions from a directory, as the commands take them: valid, readable and computable. */
final class DefinitionFiles {
    private DefinitionFiles() {}

    /**
     * Reads a directory.
     *
     * @throws UserException if it cannot be read, or asks for something that cannot be read or computed yet
     * @throws InvalidDefinitionsException if the definitions have problems
     */
    static Definitions read(Path directory) throws InvalidDefinitionsException {
        if (!Files.isDirectory(directory)) {
            throw new UserException("There is no directory " + directory + " to read definitions from.");
        }
        Definitions definitions;
        try {
            definitions = DefinitionReader.readDirectory(directory);
        } catch (IOException e) {
            throw new UserException("The definitions in " + directory + " cannot be read: " + e.getMessage());
        }
        List<String> unsupported = SetupCheck.unsupported(definitions);
        if (!unsupported.isEmpty()) {
            throw new UserException(String.join("\n", unsupported));
        }
        return definitions;
    }

    /** The directory of an example that comes with the product. */
    static Path example(String name) {
        return home().resolve("feature-defs").resolve("examples").resolve(name);
    }

    private static Path home() {
        return Path.of(System.getProperty("tidemark.home", "."));
    }
}
