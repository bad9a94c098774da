package dev.tidemark.jobs.backfill;

import dev.tidemark.jobs.FileTree;
import dev.tidemark.jobs.JobSetupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Where one backfill keeps its plan and its checkpoints while it lasts. It is locked until it is closed or the process ends. */
public final class BackfillDirectory implements AutoCloseable {
    private static final String PLAN = "plan.properties";
    private static final String COMPLETE = "_metadata";

    private final Path path;
    private final FileChannel lock;

    private BackfillDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens a directory, which is made if it does not exist.
     *
     * @throws JobSetupException if another process has it open
     * @throws IOException if it cannot be made or written
     */
    public static BackfillDirectory open(Path path) throws JobSetupException, IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This very process has it.
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw new JobSetupException(List.of("This very backfill runs already: its directory " + path
                    + " is in use. Wait for it to end, or interrupt it."));
        }
        return new BackfillDirectory(path, channel);
    }

    public Path path() {
        return path;
    }

    /**
     * The plan of a backfill that began here and did not end.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<BackfillPlan> plan() throws IOException {
        Path file = path.resolve(PLAN);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
            return Optional.of(BackfillPlan.of(properties));
        } catch (RuntimeException e) {
            throw new IOException(
                    "The plan in " + file + " is damaged (" + e.getMessage() + "). Delete " + path
                            + " to begin from the start.",
                    e);
        }
    }

    /**
     * Keeps the plan of a backfill that begins.
     *
     * @throws IOException if it cannot be written
     */
    public void plan(BackfillPlan plan) throws IOException {
        Path draft = path.resolve(PLAN + ".new");
        try (OutputStream out = Files.newOutputStream(draft)) {
            plan.toProperties().store(out, null);
        }
        Files.move(draft, path.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The newest complete checkpoint. */
    Optional<Path> checkpoint() throws IOException {
        if (!Files.exists(checkpoints())) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(checkpoints(), 3)) {
            return files.filter(file -> file.getFileName().toString().equals(COMPLETE))
                    .max(Comparator.comparing(BackfillDirectory::written))
                    .map(Path::getParent);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** An empty directory for what need not outlive the process. */
    Path scratch() throws IOException {
        FileTree.delete(temporary());
        return Files.createDirectories(temporary());
    }

    private Path temporary() {
        return path.resolve("tmp");
    }

    /**
     * Forgets a backfill that has ended: what begins here next begins from the start.
     *
     * @throws IOException if something cannot be deleted
     */
    public void clear() throws IOException {
        // First: without the plan, the rest is nobody's.
        Files.deleteIfExists(path.resolve(PLAN));
        FileTree.delete(temporary());
        FileTree.delete(checkpoints());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
