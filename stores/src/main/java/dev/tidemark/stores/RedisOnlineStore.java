package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/** The online store in Redis: one packed value per entity and view version. */
public final class RedisOnlineStore implements OnlineStore {
    /** Sets a field of a hash. ARGV: the field, its new value and, if it must have a certain one until then, that. */
    private static final byte[] ADVANCE =
            """
            local old = redis.call('HGET', KEYS[1], ARGV[1])
            if ARGV[3] and old ~= ARGV[3] and old ~= ARGV[2] then return 0 end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            return 1
            """
                    .getBytes(StandardCharsets.US_ASCII);

    /**
     * Looks at a mark: what it says, its number and the run of the server on which it was left. ARGV: what it has to say, its least number,
     * what it says then, what it says otherwise. A server that does not tell its run has one without end.
     */
    private static final String MARK =
            """
            local server = redis.pcall('INFO', 'server')
            local run = type(server) == 'string' and string.match(server, 'run_id:(%w+)') or '-'
            local old = redis.call('GET', KEYS[1]) or ''
            local says, number, left = string.match(old, '^(%S+) (%d+) (%S+)$')
            local least = tonumber(ARGV[2])
            number = tonumber(number or '0')
            if says == ARGV[1] and number >= least and left == run then
              redis.call('SET', KEYS[1], string.format('%s %.0f %s', ARGV[3], number + 1, run))
              return number + 1
            end
            redis.call('SET', KEYS[1], string.format('%s %.0f %s', ARGV[4], math.max(number, least), run))
            return 0
            """;

    private static final Pattern EVICTION = Pattern.compile("maxmemory_policy:([\\w-]+)");

    private static final int PIPELINE = 1_000;
    /** Redis serves nobody else during a command, and somebody else between two. */
    private static final int READ_KEYS = 500;

    private static final int SCAN_COUNT = 1_000;
    private static final int CONNECTIONS = 32;
    /** Not as long as a command may take, or whoever comes after a Redis hangs would wait for those before him first. */
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofMillis(200);

    /** Far more than Redis needs for what is sent at once. */
    private static final Duration WRITE_LIMIT = Duration.ofMinutes(1);

    private final RedisClient redis;
    private final String address;
    private final CompareAndSet compareAndSet;
    private final RowCodecs codecs = new RowCodecs();

    private RedisOnlineStore(RedisClient redis, String address, Duration writeLimit) {
        this.redis = redis;
        this.compareAndSet = new CompareAndSet(redis, writeLimit);
        this.address = address;
    }

    /**
     * A store at an address such as {@code redis://127.0.0.1:6379} or {@code redis://user:password@host:6379/0}. Connections are
     * made when they are needed, so this returns even while Redis is down.
     *
     * @throws IllegalArgumentException if that is not an address of a Redis
     */
    public static RedisOnlineStore connect(String uri) {
        return connect(uri, WRITE_LIMIT);
    }

    /**
     * As {@link #connect(String)}.
     *
     * @param writeLimit how long Redis may take over a batch of rows
     */
    static RedisOnlineStore connect(String uri, Duration writeLimit) {
        URI parsed = parse(uri);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(WAIT_FOR_CONNECTION);
        RedisClient redis =
                RedisClient.builder().fromURI(parsed).poolConfig(pool).build();
        return new RedisOnlineStore(redis, parsed.getHost() + ":" + parsed.getPort(), writeLimit);
    }

    @Override
    public OnlineResult put(Epoch epoch, List<OnlineWrite> writes) {
        Map<String, OnlineWrite> last = new LinkedHashMap<>();
        for (OnlineWrite write : writes) {
            epoch.checkOwns(write.view());
            last.put(write.key(), write);
        }
        List<OnlineWrite> all = List.copyOf(last.values());
        OnlineResult result = OnlineResult.NOTHING;
        for (int from = 0; from < all.size(); from += PIPELINE) {
            List<OnlineWrite> part = all.subList(from, Math.min(all.size(), from + PIPELINE));
            result = result.plus(attempt(
                    "write " + part.size() + " rows to", () -> compareAndSet.send(part, write -> entry(epoch, write))));
        }
        return result;
    }

    private CompareAndSet.Entry entry(Epoch epoch, OnlineWrite write) {
        return new CompareAndSet.Entry(
                OnlineKeys.bytes(write.view(), write.key()),
                OnlineValue.encode(epoch.number(), write, codecs.of(write.view())),
                OnlineExpiry.of(write.view(), write.row()));
    }

    @Override
    public List<@Nullable OnlineRow> find(List<Lookup> lookups) {
        if (lookups.isEmpty()) {
            return List.of();
        }
        byte[][] keys = lookups.stream()
                .map(lookup -> OnlineKeys.bytes(lookup.view(), lookup.key()))
                .toArray(byte[][]::new);
        List<byte @Nullable []> values = attempt("read " + keys.length + " rows from", () -> values(keys));
        List<@Nullable OnlineRow> rows = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            byte[] value = values.get(i);
            rows.add(value == null ? null : decode(lookups.get(i), value));
        }
        return rows;
    }

    private List<byte @Nullable []> values(byte[][] keys) {
        List<Response<List<byte[]>>> answers = new ArrayList<>();
        try (Pipeline pipeline = redis.pipelined()) {
            for (int from = 0; from < keys.length; from += READ_KEYS) {
                answers.add(pipeline.mget(Arrays.copyOfRange(keys, from, Math.min(keys.length, from + READ_KEYS))));
            }
            pipeline.sync();
        }
        return answers.stream().flatMap(answer -> answer.get().stream()).toList();
    }

    private OnlineRow decode(Lookup lookup, byte[] value) {
        try {
            return OnlineValue.decode(value, codecs.of(lookup.view()));
        } catch (IllegalArgumentException e) {
            throw new OnlineStoreException(
                    "Could not decode the value of the key " + OnlineKeys.text(lookup.view(), lookup.key())
                            + " in Redis at " + address + ". " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void scan(FeatureView view, BiConsumer<String, OnlineRow> rows) {
        ScanIteration scan = redis.scanIteration(SCAN_COUNT, OnlineKeys.PATTERN);
        while (!scan.isIterationCompleted()) {
            List<Lookup> lookups = new ArrayList<>();
            for (String text : attempt("look at the keys of", scan::nextBatchList)) {
                String key = OnlineKeys.keyIn(text, view);
                if (key != null) {
                    lookups.add(new Lookup(view, key));
                }
            }
            List<@Nullable OnlineRow> found = find(lookups);
            for (int i = 0; i < found.size(); i++) {
                OnlineRow row = found.get(i);
                if (row != null) {
                    rows.accept(lookups.get(i).key(), row);
                }
            }
        }
    }

    @Override
    public boolean advance(FeatureView view, int member, @Nullable FrontierPart before, FrontierPart part) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(Integer.toString(member).getBytes(StandardCharsets.US_ASCII));
        arguments.add(part.encode());
        if (before != null) {
            arguments.add(before.encode());
        }
        Object written = attempt(
                "write the frontier of " + view.id() + " to",
                () -> redis.eval(ADVANCE, List.of(OnlineKeys.frontier(view)), arguments));
        return Long.valueOf(1).equals(written);
    }

    @Override
    public List<Frontier> frontiers(List<FeatureView> views) {
        List<Map<byte[], byte[]>> hashes = attempt("read " + views.size() + " frontiers from", () -> {
            List<Response<Map<byte[], byte[]>>> answers = new ArrayList<>();
            try (Pipeline pipeline = redis.pipelined()) {
                views.forEach(view -> answers.add(pipeline.hgetAll(OnlineKeys.frontier(view))));
                pipeline.sync();
            }
            return answers.stream().map(Response::get).toList();
        });
        List<Frontier> frontiers = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            frontiers.add(frontier(views.get(i), hashes.get(i)));
        }
        return frontiers;
    }

    private Frontier frontier(FeatureView view, Map<byte[], byte[]> hash) {
        Map<Integer, FrontierPart> parts = new HashMap<>();
        try {
            hash.forEach((member, part) -> parts.put(
                    Integer.parseInt(new String(member, StandardCharsets.US_ASCII)), FrontierPart.decode(part)));
        } catch (IllegalArgumentException e) {
            throw new OnlineStoreException(
                    "Could not read the frontier of " + view.id() + " in Redis at " + address + ". " + e.getMessage(),
                    e);
        }
        return Frontier.of(parts);
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
    public long mark(MarkLook look) {
        List<String> arguments = List.of(look.expected(), Long.toString(look.least()), look.then(), look.otherwise());
        return (Long)
                attempt("look at a mark in", () -> redis.eval(MARK, List.of(OnlineKeys.mark(look.name())), arguments));
    }

    @Override
    public @Nullable String evictionPolicy() {
        return attempt("ask for the settings of", () -> {
            try {
                Matcher policy = EVICTION.matcher(redis.info("memory"));
                return policy.find() && !policy.group(1).equals("noeviction") ? policy.group(1) : null;
            } catch (JedisAccessControlException e) {
                return null; // The user may not ask.
            }
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

    private <T extends @Nullable Object> T attempt(String operation, Supplier<T> action) {
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
