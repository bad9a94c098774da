package dev.tidemark.cli;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureService;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.DerivedValues;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the two stores hold for an entity, side by side, for a person. */
final class StoredValues {
    private static final String NOT_FOUND = "(not found)";

    private final OnlineStore online;
    private final HistoryStore history;
    private final Clock clock;

    StoredValues(OnlineStore online, HistoryStore history, Clock clock) {
        this.online = online;
        this.history = history;
        this.clock = clock;
    }

    /**
     * Prints all views of a service for one entity each.
     *
     * @throws UserException if a join key is missing, unknown or of another type
     */
    void print(FeatureService service, Map<String, String> entity, PrintWriter out) {
        Instant now = clock.instant();
        List<FeatureView> views = service.features().stream()
                .map(FeatureService.FeatureReference::view)
                .distinct()
                .toList();
        checkKeys(views, entity);
        for (FeatureView view : views) {
            List<Object> keys = keys(view.entity(), entity);
            String key = JoinKeys.encode(view.entity(), keys);
            FeatureRow current = online.get(view, List.of(key)).get(0);
            FeatureRow settled = history.rowAt(view, key, now).orElse(null);
            out.println(view.id() + " of " + view.entity().name() + " " + key);
            line(out, "", "online (Redis)", "history (Postgres)");
            times(out, view, current, settled, now);
            Map<String, @Nullable Object> onlineValues = values(view, keys, current, now);
            Map<String, @Nullable Object> historyValues = values(view, keys, settled, now);
            for (FeatureService.FeatureReference reference : service.features()) {
                if (reference.view().equals(view)) {
                    String name = reference.feature();
                    line(out, name, text(current, onlineValues.get(name)), text(settled, historyValues.get(name)));
                }
            }
            out.println();
        }
        out.flush();
    }

    private static void times(
            PrintWriter out,
            FeatureView view,
            @Nullable FeatureRow current,
            @Nullable FeatureRow settled,
            Instant now) {
        line(out, "last_event_time", lastEvent(view, current, now), lastEvent(view, settled, now));
        line(
                out,
                "valid_from",
                current == null ? NOT_FOUND : CsvText.instant(current.validFrom()),
                settled == null ? NOT_FOUND : CsvText.instant(settled.validFrom()));
        String until = current == null || current.validUntil() == FeatureRow.NEVER
                ? "the next event"
                : CsvText.instant(current.validUntil());
        line(out, "valid_until", current == null ? NOT_FOUND : until, "the next row");
    }

    private static String lastEvent(FeatureView view, @Nullable FeatureRow row, Instant now) {
        if (row == null) {
            return NOT_FOUND;
        }
        String time = CsvText.instant(row.lastEventTime());
        return row.isOutsideMaxAge(view.ttl(), now) ? time + " past its ttl" : time;
    }

    private static Map<String, @Nullable Object> values(
            FeatureView view, List<Object> keys, @Nullable FeatureRow row, Instant now) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (row != null) {
            for (int i = 0; i < view.features().size(); i++) {
                values.put(view.features().get(i).name(), row.values().get(i));
            }
            values.putAll(DerivedValues.of(view).evaluate(keys, row, now));
        }
        return values;
    }

    private static String text(@Nullable FeatureRow row, @Nullable Object value) {
        if (row == null) {
            return NOT_FOUND;
        }
        return value == null ? "null" : CsvText.field(value);
    }

    private static void line(PrintWriter out, String name, String onlineText, String historyText) {
        out.printf(Locale.ROOT, "  %-24s %-34s %s%n", name, onlineText, historyText);
    }

    private static void checkKeys(List<FeatureView> views, Map<String, String> given) {
        Set<String> known = new LinkedHashSet<>();
        views.forEach(view -> known.addAll(view.entity().keyNames()));
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw new UserException("The service's views have no join key '" + key + "'. They have: "
                        + String.join(", ", known) + ".");
            }
        }
    }

    private static List<Object> keys(Entity entity, Map<String, String> given) {
        List<Object> keys = new ArrayList<>();
        entity.keys().forEach((name, type) -> {
            String text = given.get(name);
            if (text == null) {
                throw new UserException("The entity " + entity.name() + " needs --entity " + name + "=VALUE.");
            }
            keys.add(key(name, type, text));
        });
        return keys;
    }

    private static Object key(String name, DataType type, String text) {
        try {
            if (type == DataType.LONG) {
                return Long.parseLong(text);
            } else if (type == DataType.TIMESTAMP) {
                return Instant.parse(text);
            } else if (type == DataType.BOOLEAN && List.of("true", "false").contains(text)) {
                return Boolean.parseBoolean(text);
            } else if (type == DataType.STRING) {
                return text;
            }
        } catch (NumberFormatException | DateTimeException e) {
            throw notA(name, type, text);
        }
        throw notA(name, type, text);
    }

    private static UserException notA(String name, DataType type, String text) {
        return new UserException("--entity " + name + "=" + text + " is not a " + type.spelling() + ".");
    }
}
