package dev.tidemark.stores;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
    private volatile byte[] digest = {};

    CompareAndSet(RedisClient redis) {
        this.redis = redis;
    }

    /** Sends entries, no two of the same key, in one round trip. */
    OnlineResult send(List<Entry> entries) {
        List<Call> calls = calls(entries);
        if (digest.length > 0) {
            try {
                return sendCalls(calls);
            } catch (JedisNoScriptException e) {
                // Redis was restarted. What it took already it takes again.
            }
        }
        digest = redis.scriptLoad(SCRIPT).getBytes(StandardCharsets.US_ASCII);
        return sendCalls(calls);
    }

    private OnlineResult sendCalls(List<Call> calls) {
        List<Response<Object>> answers = new ArrayList<>(calls.size());
        try (Pipeline pipeline = redis.pipelined()) {
            for (Call call : calls) {
                answers.add(pipeline.evalsha(digest, call.keys, call.arguments()));
            }
            pipeline.sync();
        }
        OnlineResult result = OnlineResult.NOTHING;
        for (int i = 0; i < calls.size(); i++) {
            // An answer that is an error is thrown here, not by sync().
            result = result.plus(result(calls.get(i), (List<?>) answers.get(i).get()));
        }
        return result;
    }

    private static OnlineResult result(Call call, List<?> refused) {
        int fenced = 0;
        for (int i = 1; i < refused.size(); i += 2) {
            fenced += (Long) refused.get(i) == FENCED ? 1 : 0;
        }
        int all = refused.size() / 2;
        return new OnlineResult(call.keys.size() - all, all - fenced, fenced);
    }

    private static List<Call> calls(List<Entry> entries) {
        List<Call> calls = new ArrayList<>();
        Call call = new Call();
        for (Entry entry : entries) {
            if (call.keys.size() == CALL_KEYS || call.bytes >= CALL_BYTES) {
                call = new Call();
            }
            if (call.keys.isEmpty()) {
                calls.add(call);
            }
            call.add(entry);
        }
        return calls;
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

        private List<byte[]> arguments() {
            List<byte[]> arguments = new ArrayList<>(values);
            if (expires) {
                arguments.addAll(expiries);
            }
            return arguments;
        }
    }
}
