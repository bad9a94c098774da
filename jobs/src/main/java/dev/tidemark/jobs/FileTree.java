package dev.tidemark.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/** Deletes directories in which a local Flink cluster that ends may still write and delete for a moment. */
public final class FileTree {
    private static final int ATTEMPTS = 5;

    private FileTree() {}

    /**
     * Deletes a file, or a directory with all that is in it. What another deletes meanwhile, or was not there, is fine.
     *
     * @throws IOException if something cannot be deleted
     */
    public static void delete(Path root) throws IOException {
        for (int attempt = 1; Files.exists(root); attempt++) {
            try {
                FileUtils.deleteFileOrDirectory(root.toFile());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
