package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureService;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.OnlineStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ready-to-paste lookups of entities that the online store has. */
final class LookupExamples {
    private final Definitions definitions;
    private final OnlineStore store;

    LookupExamples(Definitions definitions, OnlineStore store) {
        this.definitions = definitions;
        this.store = store;
    }

    /** Up to {@code limit} shell commands, from events that were published lately. */
    List<String> commands(List<JsonNode> events, int port, int limit) {
        Set<String> commands = new LinkedHashSet<>();
        for (JsonNode event : events) {
            if (commands.size() < limit && stored(event)) {
                commands.add(
                        "curl -s http://127.0.0.1:" + port + "/get-online-features -d " + shellQuoted(body(event)));
            }
        }
        return List.copyOf(commands);
    }

    private boolean stored(JsonNode event) {
        List<OnlineStore.Lookup> lookups = new ArrayList<>();
        for (FeatureView view : views()) {
            String key = key(view.entity(), event);
            if (key == null) {
                return false;
            }
            lookups.add(new OnlineStore.Lookup(view, key));
        }
        return store.get(lookups).stream().allMatch(row -> row != null);
    }

    private ObjectNode body(JsonNode event) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Optional<FeatureService> service = service();
        List<String> names = new ArrayList<>();
        if (service.isPresent()) {
            body.put("feature_service", service.get().name());
            service.get().features().forEach(reference -> names.add(reference.feature()));
        } else {
            for (FeatureView view : views()) {
                body.withArray("/features").add(view.name());
                view.features().forEach(feature -> names.add(feature.name()));
                view.derived().forEach(feature -> names.add(feature.name()));
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            body.put("full_feature_names", true);
        }
        ObjectNode entities = body.putObject("entities");
        for (FeatureView view : views()) {
            for (String key : view.entity().keyNames()) {
                entities.putArray(key).add(event.get(key));
            }
        }
        return body;
    }

    private Optional<FeatureService> service() {
        return definitions.services().stream().findFirst();
    }

    private List<FeatureView> views() {
        return service()
                .map(service -> service.features().stream()
                        .map(FeatureService.FeatureReference::view)
                        .distinct()
                        .toList())
                .orElseGet(definitions::views);
    }

    private static @Nullable String key(Entity entity, JsonNode event) {
        List<Object> values = new ArrayList<>();
        for (var key : entity.keys().entrySet()) {
            JsonNode value = event.path(key.getKey());
            if (key.getValue() == DataType.STRING && value.isTextual()) {
                values.add(value.textValue());
            } else if (key.getValue() == DataType.LONG && value.isIntegralNumber()) {
                values.add(value.longValue());
            } else if (key.getValue() == DataType.BOOLEAN && value.isBoolean()) {
                values.add(value.booleanValue());
            } else {
                return null;
            }
        }
        return JoinKeys.encode(entity, values);
    }

    private static String shellQuoted(JsonNode json) {
        return "'" + json.toString().replace("'", "'\\''") + "'";
    }
}
