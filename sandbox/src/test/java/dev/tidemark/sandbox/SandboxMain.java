package dev.tidemark.sandbox;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.CountDownLatch;

/**
 * A program with a sandbox, to be ended from outside. Its argument is where the sandbox is to live. It prints its process id and
 * {@code ready} when the sandbox runs, and in the end whether Postgres still answered before the sandbox was closed.
 */
final class SandboxMain {
    private SandboxMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Sandbox sandbox = Sandbox.builder()
                .directory(Path.of(arguments[0]))
                .closedByHook(false)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sandbox)));
        System.out.println("ready " + ProcessHandle.current().pid());
        new CountDownLatch(1).await();
    }

    private static void end(Sandbox sandbox) {
        try (sandbox) {
            DriverManager.getConnection(sandbox.postgresJdbcUrl()).close();
            System.out.println("Postgres still answers");
        } catch (Exception e) {
            System.out.println("Postgres does not answer: " + e);
        }
    }
}
