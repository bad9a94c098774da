package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that goes when this process goes, even by {@code kill -9}.
 *
 * <p>A process of its own waits for that behind a {@link DeathPipe}'s kind of pipe, and then deletes the directory. It tries for a
 * while, because servers that are just ending still write.
 */
final class TemporaryDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirectory.class);

    private static final String DELETE_IN_THE_END =
            """
            trap '' INT HUP
            read -r _
            tries=0
            while [ -e "$1" ] && [ $tries -lt 100 ]; do
              rm -rf "$1"
              sleep 0.1
              tries=$((tries + 1))
            done
            """;

    private static final int ATTEMPTS = 5;

    private final Path path;
    private final Process janitor;

    private TemporaryDirectory(Path path, Process janitor) {
        this.path = path;
        this.janitor = janitor;
    }

    /**
     * Creates a directory with a name of its own.
     *
     * @param parent where; it is created if need be
     */
    static TemporaryDirectory create(Path parent, String prefix) throws IOException {
        Files.createDirectories(parent);
        Path path = Files.createTempDirectory(parent, prefix).toRealPath();
        try {
            Process janitor = new ProcessBuilder(DeathPipe.inOwnSession(
                            List.of("/bin/sh", "-c", DELETE_IN_THE_END, "tidemark-sandbox", path.toString())))
                    .directory(parent.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new TemporaryDirectory(path, janitor);
        } catch (IOException e) {
            Files.delete(path);
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Deletes the directory and all that is in it. What cannot be deleted is logged. */
    @Override
    public void close() {
        IOException problem = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
            problem = delete(path);
        }
        if (problem != null && Files.exists(path)) {
            LOG.warn("Cannot delete the sandbox's directory {}. Please delete it by hand.", path, problem);
        }
        dismissJanitor();
    }

    private void dismissJanitor() {
        try {
            janitor.getOutputStream().close();
            janitor.waitFor();
        } catch (IOException e) {
            LOG.debug("The janitor of {} was gone already.", path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes a tree as far as it can; what vanishes by itself meanwhile is fine. */
    static @Nullable IOException delete(Path root) {
        try {
            Files.walkFileTree(root, new Deletion());
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
