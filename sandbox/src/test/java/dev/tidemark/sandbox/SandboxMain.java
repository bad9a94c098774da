package dev.tidemark.sandbox;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.CountDownLatch;

/**
 * A program with a sandbox, to be ended from outside. Its first argument is where the sandbox is to live. It prints {@code ready} and
 * its process id when the sandbox runs. With a second argument it closes the sandbox in a hook of its own, and before that prints
 * whether Postgres still answers.
 */
final class SandboxMain {
    private SandboxMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        boolean ownHook = arguments.length > 1;
        Sandbox sandbox = Sandbox.builder()
                .directory(Path.of(arguments[0]))
                .closedByHook(!ownHook)
                .start();
        if (ownHook) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sandbox)));
        }
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
