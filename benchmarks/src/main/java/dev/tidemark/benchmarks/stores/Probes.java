package dev.tidemark.benchmarks.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.OnlineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Entities with a single event each, and a thread that looks all the time whether their rows are there. */
final class Probes {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How long it rests between two looks: far less than what is measured. */
    private static final long REST_NANOS = 500_000;

    private final FeatureView view;
    private final OnlineStore online;
    private final Queue<Probe> sent = new ConcurrentLinkedQueue<>();
    private long count;

    Probes(FeatureView view, OnlineStore online) {
        this.view = view;
        this.online = online;
    }

    private record Probe(String key, long nanos) {}

    /** The key of an event that is about to be sent. */
    String next() {
        String name = "probe-" + count++;
        sent.add(new Probe(JoinKeys.encode(view.entity(), List.of(name)), System.nanoTime()));
        return name;
    }

    /** Begins to look. */
    Watch watch() {
        return new Watch();
    }

    /** Looks until it is closed. */
    final class Watch implements AutoCloseable {
        private final List<Double> millis = new ArrayList<>();
        private final List<Probe> missing = new ArrayList<>();
        private final CompletableFuture<List<Double>> all = new CompletableFuture<>();
        private final Thread thread = new Thread(this::look, "probes");
        private volatile boolean sending = true;

        private Watch() {
            thread.start();
        }

        /** How many milliseconds passed for each event until its row was there, once all rows are. */
        List<Double> awaitAll() throws InterruptedException, ExecutionException, TimeoutException {
            sending = false;
            return all.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }

        private void look() {
            try {
                while (!Thread.currentThread().isInterrupted() && !all.isDone()) {
                    boolean last = !sending;
                    for (Probe probe = sent.poll(); probe != null; probe = sent.poll()) {
                        missing.add(probe);
                    }
                    find();
                    if (last && missing.isEmpty()) {
                        all.complete(millis);
                    }
                    LockSupport.parkNanos(REST_NANOS);
                }
            } catch (RuntimeException e) {
                all.completeExceptionally(e);
            }
        }

        private void find() {
            if (missing.isEmpty()) {
                return;
            }
            List<FeatureRow> rows =
                    online.get(view, missing.stream().map(Probe::key).toList());
            long now = System.nanoTime();
            Iterator<Probe> probes = missing.iterator();
            for (FeatureRow row : rows) {
                Probe probe = probes.next();
                if (row != null) {
                    millis.add((now - probe.nanos()) / 1e6);
                    probes.remove();
                }
            }
        }
    }
}
