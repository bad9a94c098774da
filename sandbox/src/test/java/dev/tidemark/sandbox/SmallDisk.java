package dev.tidemark.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small file system that a test can really fill: writers get "No space left on device" from the kernel.
 *
 * <p>It is a tmpfs in a mount namespace of its own, which an ordinary user may make where user namespaces are allowed. A process that only
 * sleeps holds the namespace; everybody else of the same user gets there through that process's root below {@code /proc}.
 */
public final class SmallDisk implements AutoCloseable {
    private static final String HOLD =
            """
            mount -t tmpfs -o "size=$2m" tmpfs "$1" && echo "held by $$" && exec sleep 2147483647
            """;

    private static final Pattern HOLDER = Pattern.compile("held by (\\d+)");
    private static final Duration PROMPTLY = Duration.ofMillis(100);
    private static final int ATTEMPTS = 100;
    private static final int PAGE = 4_096;

    private final TemporaryDirectory directory;
    private final DeathPipe holder;
    private final Path path;

    private SmallDisk(TemporaryDirectory directory, DeathPipe holder, Path path) {
        this.directory = directory;
        this.holder = holder;
        this.path = path;
    }

    /** @throws SandboxException if user namespaces are not allowed here */
    public static SmallDisk ofMegabytes(int megabytes) throws IOException, InterruptedException {
        TemporaryDirectory directory =
                TemporaryDirectory.create(Path.of(System.getProperty("java.io.tmpdir")), "disk-");
        Path mountPoint = Files.createDirectory(directory.path().resolve("mounted"));
        Path log = directory.path().resolve("holder.log");
        List<String> command =
                List.of("unshare", "-Urm", "sh", "-c", HOLD, "small-disk", mountPoint.toString(), "" + megabytes);
        DeathPipe holder = DeathPipe.start(List.of(), "KILL", command, directory.path(), log);
        for (int attempt = 0; attempt < ATTEMPTS && holder.waitFor(PROMPTLY).isEmpty(); attempt++) {
            Matcher held = HOLDER.matcher(Files.readString(log));
            if (held.find()) {
                Path root = Path.of("/proc", held.group(1), "root");
                return new SmallDisk(
                        directory, holder, root.resolve(Path.of("/").relativize(mountPoint)));
            }
        }
        String lastWords = holder.logTail();
        holder.stop();
        directory.close();
        throw new SandboxException(
                "A small disk needs a user namespace (unshare -Urm), which is not to be had here: " + lastWords);
    }

    /** The directory on the disk. */
    public Path path() {
        return path;
    }

    /** Takes all the room that is left. */
    public void fill() {
        byte[] page = new byte[PAGE];
        try (OutputStream filler = Files.newOutputStream(
                filler(), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(page);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left on device")) {
                throw new SandboxException("The small disk cannot be filled: " + e.getMessage(), e);
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void makeRoom() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return path.resolve("filler");
    }

    /** The disk goes with its holder. */
    @Override
    public void close() {
        holder.stop();
        directory.close();
    }
}
