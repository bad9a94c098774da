package dev.tidemark.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The life of a {@link Part}: it starts and stops as often as wanted until it is closed. */
abstract sealed class Server implements Part permits FlinkProcess, KafkaBroker, PostgresServer, RedisServer {
    /** Asks a server something simple. */
    interface Probe {
        /** Throws anything as long as the server does not answer. */
        void ask() throws Exception;
    }

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(10);

    private final String name;
    private boolean running;
    private boolean closed;

    Server(String name) {
        this.name = name;
    }

    /** Starts the server and returns when it answers. */
    abstract void launch() throws IOException, InterruptedException;

    /** Stops whatever {@link #launch} started, even if it did not get to its end. */
    abstract void halt();

    @Override
    public final synchronized void start() {
        if (closed) {
            throw new SandboxException(name + " cannot be started: its sandbox is closed.");
        }
        if (running) {
            return;
        }
        try {
            launch();
            running = true;
        } catch (IOException e) {
            throw new SandboxException("Cannot start " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while starting " + name + ".", e);
        } finally {
            if (!running) {
                halt();
            }
        }
    }

    @Override
    public final synchronized void stop() {
        if (running) {
            running = false;
            halt();
        }
    }

    /** Stops the server for good. */
    final synchronized void close() {
        stop();
        closed = true;
    }

    /** Waits until a server answers or its process is gone. */
    final void awaitAnswer(DeathPipe process, Probe probe) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            try {
                probe.ask();
                return;
            } catch (Exception e) {
                if (!alive) {
                    throw new IOException("its process ended. Its last words:\n" + process.logTail(), e);
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "it does not answer within %s s (%s). Its last words:\n%s"
                                    .formatted(START_TIMEOUT.toSeconds(), e.getMessage(), process.logTail()),
                            e);
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(PROBE_INTERVAL.toNanos());
        }
    }
}
