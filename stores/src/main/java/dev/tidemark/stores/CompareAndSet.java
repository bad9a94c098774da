package dev.tidemark.stores;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** Sends values to Redis that take the place of older ones only, many keys in each call of a script, many calls in each round trip. */
final class CompareAndSet {
    private static final int CALL_KEYS = 64;
    /** Redis serves nobody else during a call. */
    private static final int CALL_BYTES = 256 * 1024;

    private static final byte[] NEVER = {'0'};
    private static final long FENCED = 2;
    private static final String SCRIPT = read("compare-and-set.lua");

    private final RedisClient redis;
    private final Duration limit;
    private volatile byte[] digest = {};

    /** @param limit for one round trip */
    CompareAndSet(RedisClient redis, Duration limit) {
        this.redis = redis;
        this.limit = limit;
    }

    /**
     * Sends rows, no two of the same key, in one round trip.
     *
     * @param entry gives a row's entry; it is asked while Redis is at work on the rows before
     */
    <T> OnlineResult send(List<T> rows, Function<T, Entry> entry) {
        if (digest.length > 0) {
            try {
                return sendCalls(rows, entry);
            } catch (JedisNoScriptException e) {
                // Redis was restarted. What it took already it takes again.
            }
        }
        digest = redis.scriptLoad(SCRIPT).getBytes(StandardCharsets.US_ASCII);
        return sendCalls(rows, entry);
    }

    private <T> OnlineResult sendCalls(List<T> rows, Function<T, Entry> entry) {
        List<Call> calls = new ArrayList<>();
        Connection connection = redis.getPool().getResource();
        try (Pipeline pipeline = new Pipeline(connection, true);
                Watchdog watchdog = new Watchdog(limit, connection::forceDisconnect)) {
            Call call = new Call();
            for (T row : rows) {
                if (call.isFull()) {
                    calls.add(call.send(pipeline, digest));
                    call = new Call();
                }
                call.add(entry.apply(row));
            }
            calls.add(call.send(pipeline, digest));
            pipeline.sync();
        }
        // An answer that is an error is thrown here, not by sync().
        return calls.stream().map(Call::result).reduce(OnlineResult.NOTHING, OnlineResult::plus);
    }

    private static String read(String resource) {
        try (InputStream in = CompareAndSet.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its file " + resource + ".");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A key and its new value.
     *
     * @param expiresAt epoch milliseconds; {@link OnlineExpiry#NEVER} for never
     */
    record Entry(byte[] key, byte[] value, long expiresAt) {}

    /** One call of the script. */
    private static final class Call {
        private final List<byte[]> keys = new ArrayList<>(CALL_KEYS);
        private final List<byte[]> values = new ArrayList<>(CALL_KEYS);
        private final List<byte[]> expiries = new ArrayList<>(CALL_KEYS);
        private boolean expires;
        private int bytes;
        private @Nullable Response<Object> answer; // Null until it is sent.

        private boolean isFull() {
            return keys.size() == CALL_KEYS || bytes >= CALL_BYTES;
        }

        private void add(Entry entry) {
            keys.add(entry.key);
            values.add(entry.value);
            expires |= entry.expiresAt != OnlineExpiry.NEVER;
            expiries.add(
                    entry.expiresAt == OnlineExpiry.NEVER
                            ? NEVER
                            : Long.toString(entry.expiresAt).getBytes(StandardCharsets.US_ASCII));
            bytes += entry.value.length;
        }

        private Call send(Pipeline pipeline, byte[] digest) {
            List<byte[]> arguments = new ArrayList<>(values);
            if (expires) {
                arguments.addAll(expiries);
            }
            answer = pipeline.evalsha(digest, keys, arguments);
            return this;
        }

        private OnlineResult result() {
            List<?> refused =
                    (List<?>) Objects.requireNonNull(answer, "Not sent yet.").get();
            int fenced = 0;
            for (int i = 1; i < refused.size(); i += 2) {
                fenced += (Long) refused.get(i) == FENCED ? 1 : 0;
            }
            int all = refused.size() / 2;
            return new OnlineResult(keys.size() - all, all - fenced, fenced);
        }
    }
}
