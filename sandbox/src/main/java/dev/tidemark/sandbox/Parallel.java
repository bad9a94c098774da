package dev.tidemark.sandbox;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Does several things at once. */
final class Parallel {
    private Parallel() {}

    /** Runs every action to its end, on a thread each, and returns what they threw. */
    static List<Throwable> failuresOf(List<Runnable> actions) {
        ExecutorService threads = Executors.newFixedThreadPool(actions.size(), action -> {
            Thread thread = new Thread(action, "sandbox");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<CompletableFuture<@Nullable Throwable>> outcomes = actions.stream()
                    .map(action ->
                            CompletableFuture.runAsync(action, threads).handle((nothing, failure) -> cause(failure)))
                    .toList();
            return outcomes.stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .toList();
        } finally {
            threads.shutdown();
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
