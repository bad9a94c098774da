package dev.tidemark.sandbox;

/**
 * One server of a {@link Sandbox}, which can be taken away and brought back to see what its clients make of that.
 *
 * <p>It always comes back at the same address. Kafka and Postgres keep their data meanwhile, Redis comes back empty.
 */
public sealed interface Part permits Server {
    /** Stops the server. It does nothing if it is stopped already. */
    void stop();

    /**
     * Starts the server again and returns when it answers. It does nothing if it is running.
     *
     * @throws SandboxException if the server does not come up, or the sandbox was closed
     */
    void start();
}
