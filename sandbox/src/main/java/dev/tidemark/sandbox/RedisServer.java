package dev.tidemark.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Redis of its own, as its own child process. It keeps everything in memory, so it comes back empty from a stop. */
final class RedisServer extends Server {
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PROBE_TIMEOUT_MILLIS = 1_000;

    private final Path directory;
    private final int port = FreePorts.next();
    private @Nullable DeathPipe process;

    /** @param directory does not exist yet; its parent does */
    RedisServer(Path directory) {
        super("Redis");
        this.directory = directory;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    void launch() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<String> command = List.of(
                RedisBinary.unpacked().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                "" + port,
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "0",
                "--daemonize",
                "no",
                "--loglevel",
                "warning");
        DeathPipe started = DeathPipe.start(List.of(), "TERM", command, directory, directory.resolve("redis.log"));
        process = started;
        awaitAnswer(started, this::ping);
    }

    @Override
    void halt() {
        if (process != null) {
            process.stop();
            process = null;
        }
    }

    private void ping() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_TIMEOUT_MILLIS);
            socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
            socket.getOutputStream().write(PING);
            byte[] answer = socket.getInputStream().readNBytes(PONG.length);
            if (!Arrays.equals(answer, PONG)) {
                throw new IOException("it answers PING with " + new String(answer, StandardCharsets.US_ASCII).strip());
            }
        }
    }
}
