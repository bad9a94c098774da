package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.RowCodec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An online store in memory, for tests. It keeps packed values, as the real one does. */
public final class InMemoryOnlineStore implements OnlineStore {
    private final Map<String, Value> values = new ConcurrentHashMap<>();
    private final Map<String, Map<Integer, FrontierPart>> frontiers = new ConcurrentHashMap<>();
    private final Map<String, Mark> marks = new ConcurrentHashMap<>();
    private @Nullable String evictionPolicy;
    private final RowCodecs codecs = new RowCodecs();
    private final Clock clock;

    public InMemoryOnlineStore() {
        this(Clock.systemUTC());
    }

    InMemoryOnlineStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized OnlineResult put(Epoch epoch, List<OnlineWrite> writes) {
        Map<String, OnlineWrite> last = new LinkedHashMap<>();
        for (OnlineWrite write : writes) {
            epoch.checkOwns(write.view());
            last.put(write.key(), write);
        }
        OnlineResult result = OnlineResult.NOTHING;
        for (OnlineWrite write : last.values()) {
            result = result.plus(put(epoch, write));
        }
        return result;
    }

    private OnlineResult put(Epoch epoch, OnlineWrite write) {
        RowCodec codec = codecs.of(write.view());
        String key = OnlineKeys.text(write.view(), write.key());
        Value before = stored(key);
        if (before != null) {
            OnlineRow row = OnlineValue.decode(before.bytes, codec);
            OnlineVersion stored =
                    new OnlineVersion(row.epoch(), row.position(), row.row().validFrom());
            switch (stored.on(new OnlineVersion(
                    epoch.number(), write.position(), write.row().validFrom()))) {
                case BEHIND -> {
                    return new OnlineResult(0, 1, 0);
                }
                case FENCED -> {
                    return new OnlineResult(0, 0, 1);
                }
                case TAKEN -> {}
            }
        }
        byte[] bytes = OnlineValue.encode(epoch.number(), write, codec);
        values.put(key, new Value(bytes, OnlineExpiry.of(write.view(), write.row())));
        return new OnlineResult(1, 0, 0);
    }

    @Override
    public List<@Nullable OnlineRow> find(List<Lookup> lookups) {
        List<@Nullable OnlineRow> rows = new ArrayList<>();
        for (Lookup lookup : lookups) {
            Value value = stored(OnlineKeys.text(lookup.view(), lookup.key()));
            rows.add(value == null ? null : OnlineValue.decode(value.bytes, codecs.of(lookup.view())));
        }
        return rows;
    }

    @Override
    public void scan(FeatureView view, BiConsumer<String, OnlineRow> rows) {
        for (String text : values.keySet()) {
            String key = OnlineKeys.keyIn(text, view);
            OnlineRow row =
                    key == null ? null : find(List.of(new Lookup(view, key))).get(0);
            if (key != null && row != null) {
                rows.accept(key, row);
            }
        }
    }

    @Override
    public synchronized boolean advance(
            FeatureView view, int member, @Nullable FrontierPart before, FrontierPart part) {
        Map<Integer, FrontierPart> parts = frontiers.computeIfAbsent(view.id(), id -> new ConcurrentHashMap<>());
        FrontierPart old = parts.get(member);
        if (before != null && !before.equals(old) && !part.equals(old)) {
            return false;
        }
        parts.put(member, FrontierPart.decode(part.encode()));
        return true;
    }

    @Override
    public List<Frontier> frontiers(List<FeatureView> views) {
        return views.stream()
                .map(view -> Frontier.of(frontiers.getOrDefault(view.id(), Map.of())))
                .toList();
    }

    /** Forgets everything, as a Redis does that comes back empty. */
    public synchronized void clear() {
        values.clear();
        frontiers.clear();
        marks.clear();
    }

    @Override
    public long size() {
        return values.keySet().stream().filter(key -> stored(key) != null).count();
    }

    @Override
    public synchronized long mark(MarkLook look) {
        Mark old = marks.get(look.name());
        boolean well = old != null && old.says.equals(look.expected()) && old.number >= look.least();
        Mark mark = well
                ? new Mark(look.then(), old.number + 1)
                : new Mark(look.otherwise(), Math.max(look.least(), old == null ? 0 : old.number));
        marks.put(look.name(), mark);
        return well ? mark.number : 0;
    }

    /** Drops nothing, but says that it would. */
    public synchronized void evictBy(@Nullable String policy) {
        evictionPolicy = policy;
    }

    @Override
    public synchronized @Nullable String evictionPolicy() {
        return evictionPolicy;
    }

    @Override
    public void ping() {}

    @Override
    public void close() {}

    private @Nullable Value stored(String key) {
        Value value = values.get(key);
        boolean expired = value != null && value.expiresAt != OnlineExpiry.NEVER && value.expiresAt <= clock.millis();
        return expired ? null : value;
    }

    private record Value(byte[] bytes, long expiresAt) {}

    private record Mark(String says, long number) {}
}
