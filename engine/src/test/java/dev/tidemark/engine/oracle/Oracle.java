package dev.tidemark.engine.oracle;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a view must be for a log, straight from the definition: at instant {@code t} a feature is its aggregate over
 * the entity's events with a time in {@code [floor(t - offset - length, step), t - offset)}.
 *
 * <p>The log is taken to be all there is. So a row's {@code validUntil} is the {@code validFrom} of the next row; to learn what
 * a row said of its future when fewer events were known, ask an oracle for those events. All instants are epoch milliseconds, and
 * keys are as {@link dev.tidemark.engine.JoinKeys} writes them. Not safe for use by several threads.
 */
public final class Oracle {
    private final Lateness lateness;
    private final SortedMap<String, EntityOracle> entities = new TreeMap<>();
    private final List<LogEvent> withoutKey = new ArrayList<>();

    private Oracle(FeatureView view, Lateness lateness) {
        this.lateness = lateness;
        OracleView oracleView = new OracleView(view);
        Map<String, List<LogEvent>> eventsByKey = new HashMap<>();
        for (LogEvent event : lateness.onTime()) {
            Map<String, @Nullable Object> columns = oracleView.columns(event);
            if (columns != null) {
                oracleView
                        .key(columns)
                        .ifPresentOrElse(
                                key -> eventsByKey
                                        .computeIfAbsent(key, none -> new ArrayList<>())
                                        .add(event),
                                () -> withoutKey.add(event));
            }
        }
        eventsByKey.forEach(
                (key, events) -> entities.put(key, new EntityOracle(oracleView, oracleView.events(events))));
    }

    /**
     * Judges a log by the allowed lateness of the view's source, and takes the events that are not late.
     *
     * @param log the events of all partitions in any order that has each partition's events in the order of their offsets
     * @throws IllegalArgumentException if the events of a partition are not in the order of their offsets
     * @throws UnsupportedOperationException if the oracle does not know an aggregate, a window or a column of the view
     */
    public static Oracle of(FeatureView view, List<LogEvent> log) {
        return new Oracle(
                view, Lateness.judge(log, view.source().allowedLateness().toMillis()));
    }

    /**
     * Takes events in any order, none of which is late.
     *
     * @throws UnsupportedOperationException if the oracle does not know an aggregate, a window or a column of the view
     */
    public static Oracle ofAccepted(FeatureView view, List<LogEvent> events) {
        return new Oracle(view, new Lateness(List.copyOf(events), List.of()));
    }

    /** The late events, in the order of the log. */
    public List<LogEvent> late() {
        return lateness.late();
    }

    /** The events that are neither late nor refused by the view, but lack a join key. */
    public List<LogEvent> withoutKey() {
        return List.copyOf(withoutKey);
    }

    /** The entities that have events, in order. */
    public Set<String> keys() {
        return entities.keySet();
    }

    /** All rows of an entity, in order, including those of tails that leave after the last event; empty for an unknown entity. */
    public List<FeatureRow> history(String key) {
        EntityOracle entity = entities.get(key);
        return entity == null ? List.of() : entity.kept();
    }

    /** All rows of all entities. */
    public SortedMap<String, List<FeatureRow>> history() {
        return historyUntil(FeatureRow.NEVER);
    }

    /** The rows of all entities whose {@code validFrom} is not after an instant; an entity without such a row is not there. */
    public SortedMap<String, List<FeatureRow>> historyUntil(long settled) {
        SortedMap<String, List<FeatureRow>> result = new TreeMap<>();
        for (String key : keys()) {
            List<FeatureRow> rows = history(key).stream()
                    .filter(row -> row.validFrom() <= settled)
                    .toList();
            if (!rows.isEmpty()) {
                result.put(key, rows);
            }
        }
        return result;
    }

    /** The row of an entity at an instant; empty if the entity has no event before it. */
    public Optional<FeatureRow> rowAt(String key, long instant) {
        EntityOracle entity = entities.get(key);
        return entity == null ? Optional.empty() : Optional.ofNullable(entity.rowAt(instant));
    }

    /** The values of an entity at an instant, one per feature, also where no row changes; empty for an unknown entity. */
    public Optional<List<@Nullable Object>> valuesAt(String key, long instant) {
        EntityOracle entity = entities.get(key);
        return entity == null ? Optional.empty() : Optional.of(entity.valuesAt(instant));
    }
}
