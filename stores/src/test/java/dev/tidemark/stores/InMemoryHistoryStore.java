package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A history in memory, for tests. */
public final class InMemoryHistoryStore implements HistoryStore {
    private final Map<String, Map<String, NavigableMap<Long, Kept>>> views = new TreeMap<>();
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<String, Long> settled = new HashMap<>();

    @Override
    public synchronized void create(FeatureView view) {
        views.putIfAbsent(view.id(), new TreeMap<>());
    }

    @Override
    public synchronized Epoch enter(FeatureView view, Writer writer) {
        return line(view.id(), writer).enter(view.id(), writer);
    }

    @Override
    public synchronized void write(Epoch epoch, List<HistoryWrite> writes) {
        writes.forEach(write -> epoch.checkOwns(write.view()));
        Writer writer = epoch.writer();
        if (!writes.isEmpty()
                && !Long.valueOf(epoch.number())
                        .equals(line(epoch.viewId(), writer).members.get(writer.member()))) {
            throw FencedException.of(epoch.viewId(), writer);
        }
        for (HistoryWrite write : writes) {
            NavigableMap<Long, Kept> history =
                    views.get(write.view().id()).computeIfAbsent(write.key(), key -> new TreeMap<>());
            Kept before = history.get(write.validFrom());
            if (before == null || before.epoch <= epoch.number()) {
                history.remove(write.validFrom());
                if (!write.deletes()) {
                    history.put(write.validFrom(), Kept.of(write.row(), epoch));
                }
            }
        }
    }

    @Override
    public synchronized int forget(FeatureView view, Instant horizon) {
        Set<HistoryPartition> gone = new HashSet<>();
        views.get(view.id()).values().forEach(history -> history.keySet().removeIf(validFrom -> {
            HistoryPartition part = HistoryPartition.of(validFrom);
            return part.until() <= horizon.toEpochMilli() && (gone.add(part) || gone.contains(part));
        }));
        return gone.size();
    }

    @Override
    public synchronized List<FeatureRow> rows(FeatureView view, String key) {
        return history(view, key).values().stream().map(Kept::row).collect(Collectors.toList());
    }

    @Override
    public synchronized Optional<FeatureRow> rowAt(FeatureView view, String key, Instant instant) {
        return Optional.ofNullable(history(view, key).floorEntry(instant.toEpochMilli()))
                .map(entry -> entry.getValue().row);
    }

    @Override
    public synchronized void scan(FeatureView view, BiConsumer<String, FeatureRow> rows) {
        views.get(view.id()).forEach((key, history) -> history.values().forEach(kept -> rows.accept(key, kept.row)));
    }

    /** Says up to where a view's history is. */
    public synchronized void settle(FeatureView view, long instant) {
        settled.put(view.id(), instant);
    }

    @Override
    public synchronized @Nullable Long settled(FeatureView view) {
        return settled.get(view.id());
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

    private NavigableMap<Long, Kept> history(FeatureView view, String key) {
        return views.get(view.id()).getOrDefault(key, new TreeMap<>());
    }

    private Line line(String viewId, Writer writer) {
        return lines.computeIfAbsent(viewId + " " + writer.line(), key -> new Line());
    }

    private record Kept(FeatureRow row, long epoch) {
        static Kept of(FeatureRow row, Epoch epoch) {
            FeatureRow kept = new FeatureRow(row.values(), row.validFrom(), FeatureRow.NEVER, row.lastEventTime());
            return new Kept(kept, epoch.number());
        }
    }

    /** The runs of one line of one view. */
    private static final class Line {
        private final Map<String, Set<String>> runsByJob = new HashMap<>();
        private final Map<String, Long> members = new HashMap<>();
        private String job = "";
        private String run = "";
        private long serial;

        Epoch enter(String viewId, Writer writer) {
            if (!job.equals(writer.job()) || !run.equals(writer.run())) {
                boolean back = !job.equals(writer.job()) && runsByJob.containsKey(writer.job());
                Set<String> runs = runsByJob.computeIfAbsent(writer.job(), name -> new HashSet<>());
                if (back || !runs.add(writer.run())) {
                    throw FencedException.of(viewId, writer);
                }
                job = writer.job();
                run = writer.run();
                serial++;
                members.clear();
            }
            Epoch epoch = Epoch.of(viewId, writer, serial);
            if (members.getOrDefault(writer.member(), Long.MIN_VALUE) > epoch.number()) {
                throw FencedException.of(viewId, writer);
            }
            members.put(writer.member(), epoch.number());
            return epoch;
        }
    }
}
