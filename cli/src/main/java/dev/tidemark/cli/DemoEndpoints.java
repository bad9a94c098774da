package dev.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the stores of a running demo are, for another process of the same user to find.
 *
 * @param postgres a JDBC URL that carries user and password
 * @param redis a Redis URI
 */
record DemoEndpoints(String postgres, String redis) {

    /** The endpoints of the demo that runs, if one does. */
    static Optional<DemoEndpoints> find() throws IOException {
        if (!Files.isReadable(file())) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file())) {
            properties.load(in);
        }
        return Optional.of(new DemoEndpoints(properties.getProperty("postgres"), properties.getProperty("redis")));
    }

    /** Lets others find them. Only the user may read the file: it holds a password. */
    void publish() throws IOException {
        Files.deleteIfExists(file());
        Files.createFile(file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Properties properties = new Properties();
        properties.setProperty("postgres", postgres);
        properties.setProperty("redis", redis);
        try (OutputStream out = Files.newOutputStream(file())) {
            properties.store(out, null);
        }
    }

    static void withdraw() throws IOException {
        Files.deleteIfExists(file());
    }

    private static Path file() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "tidemark-demo-" + System.getProperty("user.name") + ".properties");
    }
}
