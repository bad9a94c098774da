package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Benchmark;
import dev.tidemark.benchmarks.Settings;
import dev.tidemark.benchmarks.Target;
import dev.tidemark.benchmarks.Turns;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.OnlineResult;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineWrite;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;

/** Rows into the online store, each compared with what is there, against SET of the same bytes without a look; batches have the same size. */
final class OnlineWriting implements Benchmark {
    /** As many as a live job sends at once. */
    private static final int BATCH = 1_000;

    @Override
    public List<Target> run(Settings settings, PrintStream figures) throws Exception {
        Rows rows = new Rows(settings.workload());
        figures.printf(
                Locale.ROOT,
                "Rows of %d features, %,d entities in turn, in batches of %,d; events stand for rows%n",
                Rows.VIEW.features().size(),
                rows.keys().length,
                BATCH);
        try (Sandbox sandbox = Sandbox.start();
                OnlineStore store = RedisOnlineStore.connect(sandbox.redisUri());
                RedisClient redis = RedisClient.create(URI.create(sandbox.redisUri()))) {
            Epoch epoch = Epoch.byHand(Rows.VIEW, 1);
            List<List<OnlineWrite>> batches = batches(rows);
            batches.forEach(batch -> put(store, epoch, batch));
            List<Map<byte[], byte[]>> bytes = stored(redis);
            Turns.Medians medians = Turns.of(
                    settings.pairs(),
                    () -> Stopwatch.rate(
                            figures,
                            "compare and set",
                            "rows",
                            () -> repeat(
                                    settings.length(), turn -> put(store, epoch, batches.get(turn % batches.size())))),
                    () -> Stopwatch.rate(
                            figures,
                            "blind SET",
                            "rows",
                            () -> repeat(settings.length(), turn -> set(redis, bytes.get(turn % bytes.size())))));
            return List.of(new Target("online-write", medians.ratio(), "0.35"));
        }
    }

    private interface Step {
        int run(int turn) throws Exception;
    }

    private static long repeat(Duration length, Step step) throws Exception {
        long started = System.nanoTime();
        long done = 0;
        for (int turn = 0; System.nanoTime() - started < length.toNanos(); turn++) {
            done += step.run(turn);
        }
        return done;
    }

    private static int put(OnlineStore store, Epoch epoch, List<OnlineWrite> writes) {
        OnlineResult result = store.put(epoch, writes);
        if (result.behind() + result.fenced() > 0) {
            throw new IllegalStateException("Rows of the writer that wrote all before were refused: " + result);
        }
        return writes.size();
    }

    private static int set(RedisClient redis, Map<byte[], byte[]> batch) {
        try (Pipeline pipeline = redis.pipelined()) {
            batch.forEach(pipeline::set);
            pipeline.sync();
        }
        return batch.size();
    }

    /** What is in the store, in batches. */
    private static List<Map<byte[], byte[]>> stored(RedisClient redis) {
        List<Map<byte[], byte[]>> batches = new ArrayList<>();
        for (byte[] key : redis.keys("*".getBytes(StandardCharsets.UTF_8))) {
            if (batches.isEmpty() || batches.get(batches.size() - 1).size() == BATCH) {
                batches.add(new LinkedHashMap<>());
            }
            batches.get(batches.size() - 1).put(key, redis.get(key));
        }
        return batches;
    }

    /** A row of each entity, in batches: made before, as the bytes of the peer are. */
    private static List<List<OnlineWrite>> batches(Rows rows) {
        List<List<OnlineWrite>> batches = new ArrayList<>();
        for (int i = 0; i < rows.keys().length; i++) {
            if (i % BATCH == 0) {
                batches.add(new ArrayList<>(BATCH));
            }
            OnlineWrite write = new OnlineWrite(Rows.VIEW, rows.keys()[i], rows.row(i), LogPosition.NONE.with(0, i));
            batches.get(i / BATCH).add(write);
        }
        return batches;
    }
}
