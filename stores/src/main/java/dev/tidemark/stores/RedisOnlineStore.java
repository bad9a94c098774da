package dev.tidemark.stores;

import dev.tidemark.engine.FeatureRow;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.exceptions.JedisException;

/** The online store in Redis: one packed value per entity and view version. */
public final class RedisOnlineStore implements OnlineStore {
    private static final int PIPELINE = 1_000;
    private static final int SCAN_COUNT = 1_000;
    private static final int CONNECTIONS = 32;
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(2);

    private final RedisClient redis;
    private final String address;
    private final RowCodecs codecs = new RowCodecs();

    private RedisOnlineStore(RedisClient redis, String address) {
        this.redis = redis;
        this.address = address;
    }

    /**
     * A store at an address such as {@code redis://127.0.0.1:6379} or {@code redis://user:password@host:6379/0}. Connections are
     * made when they are needed, so this returns even while Redis is down.
     *
     * @throws IllegalArgumentException if that is not an address of a Redis
     */
    public static RedisOnlineStore connect(String uri) {
        URI parsed = parse(uri);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(WAIT_FOR_CONNECTION);
        RedisClient redis =
                RedisClient.builder().fromURI(parsed).poolConfig(pool).build();
        return new RedisOnlineStore(redis, parsed.getHost() + ":" + parsed.getPort());
    }

    @Override
    public void put(List<OnlineWrite> writes) {
        for (int from = 0; from < writes.size(); from += PIPELINE) {
            List<OnlineWrite> part = writes.subList(from, Math.min(writes.size(), from + PIPELINE));
            attempt("write " + part.size() + " rows to", () -> {
                putPipelined(part);
                return part;
            });
        }
    }

    private void putPipelined(List<OnlineWrite> writes) {
        List<Response<String>> answers = new ArrayList<>(writes.size());
        try (Pipeline pipeline = redis.pipelined()) {
            for (OnlineWrite write : writes) {
                byte[] value = codecs.of(write.view()).encode(write.row());
                answers.add(pipeline.set(OnlineKeys.bytes(write.view(), write.key()), value));
            }
            pipeline.sync();
        }
        // An answer that is an error is thrown here, not by sync().
        answers.forEach(Response::get);
    }

    @Override
    public List<@Nullable FeatureRow> get(List<Lookup> lookups) {
        if (lookups.isEmpty()) {
            return List.of();
        }
        byte[][] keys = lookups.stream()
                .map(lookup -> OnlineKeys.bytes(lookup.view(), lookup.key()))
                .toArray(byte[][]::new);
        List<byte @Nullable []> values = attempt("read " + keys.length + " rows from", () -> redis.mget(keys));
        List<@Nullable FeatureRow> rows = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            byte[] value = values.get(i);
            rows.add(value == null ? null : decode(lookups.get(i), value));
        }
        return rows;
    }

    private FeatureRow decode(Lookup lookup, byte[] value) {
        try {
            return codecs.of(lookup.view()).decode(value);
        } catch (IllegalArgumentException e) {
            throw new OnlineStoreException(
                    "Could not decode the value of the key " + OnlineKeys.text(lookup.view(), lookup.key())
                            + " in Redis at " + address + ". " + e.getMessage(),
                    e);
        }
    }

    @Override
    public long size() {
        return attempt("count the rows in", () -> {
            // SCAN may name a key twice while Redis resizes its table.
            Set<String> keys = new HashSet<>();
            ScanIteration scan = redis.scanIteration(SCAN_COUNT, OnlineKeys.PATTERN);
            while (!scan.isIterationCompleted()) {
                keys.addAll(scan.nextBatchList());
            }
            return (long) keys.size();
        });
    }

    @Override
    public void ping() {
        attempt("ping", redis::ping);
    }

    @Override
    public void close() {
        redis.close();
    }

    private <T> T attempt(String operation, Supplier<T> action) {
        try {
            return action.get();
        } catch (JedisException e) {
            throw new OnlineStoreException(
                    "Could not " + operation + " Redis at " + address + ": " + e.getMessage(), e);
        }
    }

    private static URI parse(String uri) {
        try {
            URI parsed = URI.create(uri);
            boolean redis = "redis".equals(parsed.getScheme()) || "rediss".equals(parsed.getScheme());
            if (redis && parsed.getHost() != null && parsed.getPort() > 0) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Its message repeats the text, in which there may be a password.
        }
        throw new IllegalArgumentException(
                "The address of Redis is not of the form redis://host:port, redis://user:password@host:port or rediss://host:port.");
    }
}
