package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Feature;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.FeatureRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of one entity, if the given events are all that ever happen to it. */
final class EntityOracle {
    private final OracleView view;
    private final List<ViewEvent> events;
    private final List<FeatureOracle> features = new ArrayList<>();
    private @Nullable List<FeatureRow> history;

    /**
     * Takes the events of an entity.
     *
     * @param events in any order
     */
    EntityOracle(OracleView view, List<ViewEvent> events) {
        this.view = view;
        this.events = events.stream().sorted(ViewEvent.ORDER).toList();
        for (int i = 0; i < view.view().features().size(); i++) {
            Feature feature = view.view().features().get(i);
            features.add(new FeatureOracle(feature, view.inputType(feature), i, this.events));
        }
    }

    /** The values at an instant, one per feature. */
    List<@Nullable Object> valuesAt(long instant) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FeatureOracle feature : features) {
            values.add(feature.valueAt(instant));
        }
        return values;
    }

    /** All rows; a row is valid until the next one is. */
    List<FeatureRow> history() {
        if (history == null) {
            history = withValidUntil(changes());
        }
        return history;
    }

    /** The rows that the view keeps: of those in one interval the last. */
    List<FeatureRow> kept() {
        Duration every = view.view().history().every();
        if (every == null) {
            return history();
        }
        SortedMap<Long, FeatureRow> last = new TreeMap<>();
        history().forEach(row -> last.put(Math.floorDiv(row.validFrom(), every.toMillis()), row));
        return List.copyOf(last.values());
    }

    /** The row at an instant; null if there is no event before it. */
    @Nullable
    FeatureRow rowAt(long instant) {
        FeatureRow latest = null;
        for (FeatureRow row : history()) {
            if (row.validFrom() <= instant) {
                latest = row;
            }
        }
        return latest;
    }

    /** Looks at every instant at which a value can change, and keeps those at which one does. */
    private List<FeatureRow> changes() {
        List<FeatureRow> rows = new ArrayList<>();
        FeatureRow latest = null;
        for (long instant : candidates()) {
            FeatureRow row = new FeatureRow(valuesAt(instant), instant, FeatureRow.NEVER, lastEventTime(instant));
            if (latest == null || !row.sameContent(latest)) {
                rows.add(row);
                latest = row;
            }
        }
        return rows;
    }

    private SortedSet<Long> candidates() {
        SortedSet<Long> instants = new TreeSet<>();
        for (ViewEvent event : events) {
            instants.add(Math.addExact(event.time(), 1));
            for (Feature feature : view.view().features()) {
                if (feature.window() instanceof Window.Sliding window) {
                    instants.add(WindowBounds.entry(window, event.time()));
                    instants.add(WindowBounds.exit(window, event.time()));
                } else if (feature.window() instanceof Window.Tumbling window) {
                    long entry = PeriodBounds.next(window, event.time());
                    instants.add(entry);
                    instants.add(PeriodBounds.next(window, entry));
                }
            }
        }
        return instants;
    }

    private long lastEventTime(long instant) {
        return events.stream()
                .mapToLong(ViewEvent::time)
                .takeWhile(time -> time < instant)
                .max()
                .orElseThrow();
    }

    private static List<FeatureRow> withValidUntil(List<FeatureRow> rows) {
        List<FeatureRow> result = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            FeatureRow row = rows.get(i);
            long until = i + 1 < rows.size() ? rows.get(i + 1).validFrom() : FeatureRow.NEVER;
            result.add(new FeatureRow(row.values(), row.validFrom(), until, row.lastEventTime()));
        }
        return List.copyOf(result);
    }
}
