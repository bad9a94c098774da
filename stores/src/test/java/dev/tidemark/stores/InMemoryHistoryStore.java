package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A history in memory, for tests. */
public final class InMemoryHistoryStore implements HistoryStore {
    private final Map<String, Map<String, NavigableMap<Long, FeatureRow>>> views = new TreeMap<>();

    @Override
    public synchronized void create(FeatureView view) {
        views.putIfAbsent(view.id(), new TreeMap<>());
    }

    @Override
    public synchronized void write(List<HistoryWrite> writes) {
        for (HistoryWrite write : writes) {
            FeatureRow row = write.row();
            FeatureRow kept = new FeatureRow(row.values(), row.validFrom(), FeatureRow.NEVER, row.lastEventTime());
            views.get(write.view().id())
                    .computeIfAbsent(write.key(), key -> new TreeMap<>())
                    .put(row.validFrom(), kept);
        }
    }

    @Override
    public synchronized List<FeatureRow> rows(FeatureView view, String key) {
        return List.copyOf(history(view, key).values());
    }

    @Override
    public synchronized Optional<FeatureRow> rowAt(FeatureView view, String key, Instant instant) {
        return Optional.ofNullable(history(view, key).floorEntry(instant.toEpochMilli()))
                .map(Map.Entry::getValue);
    }

    @Override
    public synchronized long count(FeatureView view) {
        return views.get(view.id()).values().stream().mapToLong(Map::size).sum();
    }

    @Override
    public synchronized long countAll() {
        return views.values().stream()
                .flatMap(view -> view.values().stream())
                .mapToLong(Map::size)
                .sum();
    }

    private NavigableMap<Long, FeatureRow> history(FeatureView view, String key) {
        return views.get(view.id()).getOrDefault(key, new TreeMap<>());
    }
}
