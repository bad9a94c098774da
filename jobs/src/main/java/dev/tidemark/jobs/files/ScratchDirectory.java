package dev.tidemark.jobs.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for temporary files that goes when it is closed, or else when the process ends, by Ctrl-C for example. */
final class ScratchDirectory implements AutoCloseable {
    /** At the end of a process others still write into the directory for a moment. */
    private static final int ATTEMPTS = 5;

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
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already; the hook then finds nothing to delete.
        }
    }

    private void deleteAtTheEnd() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                delete();
                return;
            } catch (IOException e) {
                // Something was written or deleted meanwhile: once more.
            }
        }
    }

    private void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path file : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
