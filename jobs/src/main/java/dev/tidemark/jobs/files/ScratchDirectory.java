package dev.tidemark.jobs.files;

import dev.tidemark.jobs.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for temporary files that goes when it is closed, or else when the process ends, by Ctrl-C for example. */
final class ScratchDirectory implements AutoCloseable {
    private final Path path;
    private final Thread hook = new Thread(this::deleteAtTheEnd, "dry-run-cleanup");

    private ScratchDirectory(Path path) {
        this.path = path;
    }

    /** @throws IOException if none can be made */
    static ScratchDirectory create(String prefix) throws IOException {
        ScratchDirectory directory = new ScratchDirectory(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(directory.hook);
        return directory;
    }

    Path path() {
        return path;
    }

    /** @throws IOException if something in it cannot be deleted */
    @Override
    public void close() throws IOException {
        FileTree.delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already; the hook then finds nothing to delete.
        }
    }

    private void deleteAtTheEnd() {
        try {
            FileTree.delete(path);
        } catch (IOException e) {
            // Nobody is left to be told.
        }
    }
}
