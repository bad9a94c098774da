package dev.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the stores of a running demo are, for another process of the same user to find. Each demo has a file of its own, named after
 * its process, so that several do not hide each other and one that was killed is known to be gone.
 *
 * @param postgres a JDBC URL that carries user and password
 * @param redis a Redis URI
 */
record DemoEndpoints(String postgres, String redis) {
    private static final String SUFFIX = ".properties";

    /** The endpoints of the newest demo that runs, if one does. */
    static Optional<DemoEndpoints> find() throws IOException {
        return find(directory());
    }

    static Optional<DemoEndpoints> find(Path directory) throws IOException {
        Optional<Path> newest = files(directory).stream()
                .filter(file -> isRunning(file) && Files.isReadable(file))
                .max(Comparator.comparing(DemoEndpoints::modified));
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(newest.get())) {
            properties.load(in);
        }
        return Optional.of(new DemoEndpoints(properties.getProperty("postgres"), properties.getProperty("redis")));
    }

    /** Lets others find them until {@link #withdraw} or the end of this process. */
    void publish() throws IOException {
        publish(directory());
    }

    /** Only the user may read the file: it holds a password. */
    void publish(Path directory) throws IOException {
        for (Path file : files(directory)) {
            if (!isRunning(file)) {
                Files.deleteIfExists(file);
            }
        }
        Path file = ownFile(directory);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file.toFile().deleteOnExit();
        Properties properties = new Properties();
        properties.setProperty("postgres", postgres);
        properties.setProperty("redis", redis);
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }

    static void withdraw() throws IOException {
        withdraw(directory());
    }

    static void withdraw(Path directory) throws IOException {
        Files.deleteIfExists(ownFile(directory));
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                directory, file -> file.getFileName().toString().startsWith(prefix()))) {
            all.forEach(files::add);
        }
        return files;
    }

    private static boolean isRunning(Path file) {
        String name = file.getFileName().toString();
        try {
            String process = name.substring(prefix().length(), name.length() - SUFFIX.length());
            return ProcessHandle.of(Long.parseLong(process)).isPresent();
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** A file that is gone by now is older than all others. */
    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(Long.MIN_VALUE);
        }
    }

    private static Path ownFile(Path directory) {
        return directory.resolve(prefix() + ProcessHandle.current().pid() + SUFFIX);
    }

    private static String prefix() {
        return "tidemark-demo-" + System.getProperty("user.name") + "-";
    }

    private static Path directory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
