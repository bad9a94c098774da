package dev.tidemark.defs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.Definitions.Kind;
import dev.tidemark.defs.Source.Unit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Definitions in their one canonical form: defaults filled in, durations in their shortest spelling, one entry for each
 * feature, members sorted except where order has a meaning. What is absent is left out.
 */
final class CanonicalJson {
    /** The JDK's text of a double differs between its versions. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build());

    /** What YAML takes only as an escape; that of other control characters is JSON's matter. */
    private static final Pattern NOT_IN_YAML = Pattern.compile("[\\x7f-\\x84\\x86-\\x9f\\ufffe\\uffff]");

    private CanonicalJson() {}

    static Document of(Source source) {
        Map<String, Object> json = document(Kind.SOURCE, source.name());
        Map<String, Object> kafka = new TreeMap<>();
        kafka.put("topic", source.topic());
        kafka.put("format", source.format().name().toLowerCase(Locale.ROOT));
        json.put("kafka", kafka);
        json.put("schema", types(source.schema()));
        Unit unit = source.eventTime().unit();
        Map<String, Object> eventTime = new TreeMap<>();
        eventTime.put("column", source.eventTime().column());
        if (unit != Unit.INSTANT) {
            eventTime.put("unit", unit.name().toLowerCase(Locale.ROOT));
        }
        json.put("event_time", eventTime);
        json.put("allowed_lateness", Durations.format(source.allowedLateness()));
        json.put("idle_timeout", Durations.format(source.idleTimeout()));
        return new Document(Kind.SOURCE, source.name(), 0, write(json));
    }

    static Document of(Entity entity) {
        Map<String, Object> json = document(Kind.ENTITY, entity.name());
        json.put("keys", types(entity.keys()));
        return new Document(Kind.ENTITY, entity.name(), 0, write(json));
    }

    static Document of(FeatureView view) {
        Map<String, Object> json = document(Kind.FEATURE_VIEW, view.name());
        json.put("version", view.version());
        json.put("entity", view.entity().name());
        json.put("source", view.source().name());
        put(json, "owner", view.owner());
        put(json, "description", view.description());
        putList(json, "tags", view.tags());
        put(json, "ttl", format(view.ttl()));
        put(json, "where", text(view.where()));
        if (!view.columns().isEmpty()) {
            Map<String, Object> columns = new LinkedHashMap<>();
            view.columns().forEach(column -> columns.put(column.name(), column(column)));
            json.put("columns", columns);
        }
        json.put("features", view.features().stream().map(CanonicalFeature::of).toList());
        putList(
                json,
                "derived",
                view.derived().stream().map(CanonicalJson::derived).toList());
        Map<String, Object> history = new TreeMap<>();
        put(history, "retention", format(view.history().retention()));
        put(history, "every", format(view.history().every()));
        put(json, "history", history.isEmpty() ? null : history);
        return new Document(Kind.FEATURE_VIEW, view.name(), view.version(), write(json));
    }

    /**
     * @param references as written: one without a version means the current one, whichever that is
     */
    static Document of(FeatureService service, List<String> references) {
        Map<String, Object> json = document(Kind.FEATURE_SERVICE, service.name());
        json.put("features", references);
        return new Document(Kind.FEATURE_SERVICE, service.name(), 0, write(json));
    }

    private static Map<String, Object> document(Kind kind, String name) {
        Map<String, Object> json = new TreeMap<>();
        json.put("kind", kind.spelling());
        json.put("name", name);
        return json;
    }

    private static Map<String, String> types(Map<String, DataType> columns) {
        Map<String, String> types = new LinkedHashMap<>();
        columns.forEach((name, type) -> types.put(name, type.spelling()));
        return types;
    }

    private static Object column(Column column) {
        if (column instanceof Column.Computed computed) {
            return computed.expression().text();
        } else if (column instanceof Column.Lag lag) {
            return Map.of("lag", lag.column());
        } else if (column instanceof Column.Delta delta) {
            return Map.of("delta", delta.column());
        }
        Column.Ema ema = (Column.Ema) column;
        return new TreeMap<>(Map.of("ema", ema.column(), "smoothing", ema.smoothing()));
    }

    private static Map<String, Object> derived(DerivedFeature feature) {
        Map<String, Object> json = new TreeMap<>();
        json.put("name", feature.name());
        json.put("expr", feature.expression().text());
        json.put("type", feature.type().spelling());
        put(json, "description", feature.description());
        return json;
    }

    static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void putList(Map<String, Object> json, String name, List<?> values) {
        put(json, name, values.isEmpty() ? null : values);
    }

    static @Nullable String text(@Nullable Expression expression) {
        return expression == null ? null : expression.text();
    }

    private static @Nullable String format(@Nullable Duration duration) {
        return duration == null ? null : Durations.format(duration);
    }

    private static String write(Map<String, Object> json) {
        try {
            return NOT_IN_YAML
                    .matcher(JSON.writeValueAsString(json))
                    .replaceAll(found -> String.format(
                            Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts and numbers cannot be written as JSON: " + json, e);
        }
    }
}
