package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A Postgres of its own, as its own child process.
 *
 * <p>What was committed survives the server's death, but not the machine's: nothing is forced to disk, because the sandbox does not
 * outlive the machine either. Commits are synchronous all the same, so that {@link #stop}, which is as rude as a crash, loses none.
 */
final class PostgresServer extends Server {
    static final String USER = "tidemark";
    private static final String DATABASE = "tidemark";

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "shared_buffers=128MB",
            "fsync=off",
            "full_page_writes=off",
            "max_wal_size=2GB",
            "timezone=UTC",
            "log_timezone=UTC");

    /** Postgres calls it immediate shutdown: no farewells, recovery at the next start. */
    private static final String IMMEDIATE_SHUTDOWN = "QUIT";

    private static final Duration INITDB_TIMEOUT = Duration.ofSeconds(60);
    private static final int PASSWORD_BYTES = 16;

    private final Path directory;
    private final Path data;
    private final Path log;
    private final List<RunAs> ways;
    private final int port = FreePorts.next();
    private final String password = randomPassword();
    private @Nullable Installation installation;
    private @Nullable DeathPipe process;

    /** The programs and the way to run them, found out at the first start. */
    private record Installation(PostgresBinaries binaries, RunAs runAs) {}

    /**
     * @param directory does not exist yet; its parent does
     * @param ways how to run Postgres; the first that works is taken
     */
    PostgresServer(Path directory, List<RunAs> ways) {
        super("Postgres");
        this.directory = directory;
        this.data = directory.resolve("data");
        this.log = directory.resolve("postgres.log");
        this.ways = ways;
    }

    String password() {
        return password;
    }

    String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%s/%s?user=%s&password=%s".formatted(port, database, USER, password);
    }

    @Override
    void launch() throws IOException, InterruptedException {
        boolean first = installation == null;
        if (installation == null) {
            installation = install();
        }
        List<String> command = new ArrayList<>(
                List.of(installation.binaries.postgres().toString(), "-D", data.toString(), "-p", "" + port));
        SETTINGS.forEach(setting -> Collections.addAll(command, "-c", setting));
        DeathPipe started = DeathPipe.start(installation.runAs.prefix(), IMMEDIATE_SHUTDOWN, command, directory, log);
        process = started;
        awaitAnswer(started, () -> execute("postgres", "SELECT 1"));
        if (first) {
            createDatabase();
        }
    }

    @Override
    void halt() {
        if (process != null) {
            process.stop();
            process = null;
        }
    }

    private Installation install() throws IOException, InterruptedException {
        PostgresBinaries binaries = PostgresBinaries.unpacked();
        RunAs runAs = RunAs.firstThatWorks(ways, binaries.postgres());
        Files.createDirectory(directory);
        runAs.giveDirectory(directory);
        Path passwordFile = Files.writeString(directory.resolve("password"), password);
        runAs.give(passwordFile);
        List<String> command = List.of(
                binaries.initdb().toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions");
        DeathPipe initdb = DeathPipe.start(runAs.prefix(), "TERM", command, directory, log);
        process = initdb;
        OptionalInt status = initdb.waitFor(INITDB_TIMEOUT);
        if (status.isEmpty() || status.getAsInt() != 0) {
            throw new IOException("initdb, run %s, %s. Its last words:\n%s"
                    .formatted(
                            runAs,
                            status.isEmpty() ? "does not end" : "ended with exit code " + status.getAsInt(),
                            initdb.logTail()));
        }
        Files.delete(passwordFile);
        return new Installation(binaries, runAs);
    }

    private void createDatabase() throws IOException {
        try {
            execute("postgres", "CREATE DATABASE " + DATABASE);
        } catch (SQLException e) {
            throw new IOException("the database cannot be created: " + e.getMessage(), e);
        }
    }

    private void execute(String database, String sql) throws SQLException {
        Connection connection = new Driver().connect(jdbcUrl(database), new Properties());
        if (connection == null) {
            throw new IllegalStateException("The Postgres driver does not take " + jdbcUrl(database));
        }
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
