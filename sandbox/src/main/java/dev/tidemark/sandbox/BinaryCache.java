package dev.tidemark.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Programs unpacked from jars, kept for the next start in a directory of this user under {@code java.io.tmpdir}.
 *
 * <p>Each resource has a directory named after its content, so versions live side by side and nothing is ever overwritten. Several
 * processes may ask at once: one unpacks, the others wait. An entry that a cleaner of temporary files has thinned out is unpacked
 * again.
 */
final class BinaryCache {
    /** Unpacks the content of one resource into an empty directory. */
    interface Unpacker {
        void unpack(InputStream resource, Path directory) throws IOException;
    }

    private static final int NAME_BYTES = 8;
    private static final String INVENTORY = ".inventory";

    /** Whatever the umask: Postgres may have to run as somebody else. */
    private static final Set<PosixFilePermission> READ_BY_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    private BinaryCache() {}

    /**
     * The directory with the unpacked content of a class path resource.
     *
     * @throws SandboxException if the resource is not on the class path or the cache cannot be trusted
     */
    static Path unpacked(String resource, Unpacker unpacker) throws IOException {
        return unpacked(Path.of(System.getProperty("java.io.tmpdir")), resource, unpacker);
    }

    static synchronized Path unpacked(Path parent, String resource, Unpacker unpacker) throws IOException {
        Path cache = ownDirectory(parent.resolve("tidemark-binaries-" + ownUid()));
        String name = digest(resource);
        Path entry = cache.resolve(name);
        try (FileChannel lockFile = FileChannel.open(
                        cache.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.lock()) {
            if (!lock.isValid() || !isComplete(entry)) {
                unpack(resource, unpacker, entry);
            }
        }
        return entry;
    }

    private static void unpack(String resource, Unpacker unpacker, Path entry) throws IOException {
        Path partial = entry.resolveSibling(entry.getFileName() + ".partial");
        TemporaryDirectory.delete(partial);
        TemporaryDirectory.delete(entry);
        Files.createDirectory(partial);
        Files.setPosixFilePermissions(partial, READ_BY_ALL);
        try (InputStream in = open(resource)) {
            unpacker.unpack(in, partial);
        }
        Files.writeString(partial.resolve(INVENTORY), Long.toString(countFiles(partial) + 1));
        Files.move(partial, entry, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isComplete(Path entry) throws IOException {
        Path inventory = entry.resolve(INVENTORY);
        return Files.exists(inventory) && Files.readString(inventory).equals(Long.toString(countFiles(entry)));
    }

    private static long countFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Programs are run from here, so nobody else may be able to put some of theirs into it. */
    private static Path ownDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, READ_BY_ALL);
        } catch (FileAlreadyExistsException e) {
            boolean trusted = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getAttribute(directory, "unix:uid").equals(ownUid())
                    && READ_BY_ALL.containsAll(Files.getPosixFilePermissions(directory));
            if (!trusted) {
                throw new SandboxException(
                        ("%s is to hold the sandbox's programs, but is not a directory that belongs to this"
                                        + " user and that only this user can write. Delete it, or set -Djava.io.tmpdir to another"
                                        + " directory.")
                                .formatted(directory));
            }
        }
        return directory;
    }

    private static Object ownUid() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static String digest(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = BinaryCache.class.getResourceAsStream(resource);
        if (in == null) {
            throw new SandboxException(
                    "%s is not on the class path: the sandbox has no program for this operating system and processor (%s, %s)."
                            .formatted(resource, System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return in;
    }
}
