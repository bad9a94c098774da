package dev.tidemark.sandbox;

import java.util.concurrent.CountDownLatch;

/** A program with a sandbox, to be ended from outside. It prints where the sandbox's servers are, then {@code ready}. */
final class SandboxMain {
    private SandboxMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        long start = System.nanoTime();
        Sandbox sandbox = Sandbox.builder()
                .flink(arguments.length > 0 && arguments[0].equals("flink"))
                .start();
        System.out.println(sandbox.kafkaBootstrap());
        System.out.println(sandbox.postgresJdbcUrl());
        System.out.println(sandbox.redisUri());
        System.out.println("ready after ms " + (System.nanoTime() - start) / 1_000_000);
        if (arguments.length > 1) {
            long stop = System.nanoTime();
            sandbox.close();
            System.out.println("closed after ms " + (System.nanoTime() - stop) / 1_000_000);
            return;
        }
        new CountDownLatch(1).await();
    }
}
