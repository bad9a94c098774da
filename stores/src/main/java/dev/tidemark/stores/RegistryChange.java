package dev.tidemark.stores;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.Definitions.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What applying documents would change in the registry.
 *
 * @param added documents that are new
 * @param changed documents that replace another
 * @param unchanged documents that are there already
 */
record RegistryChange(List<Document> added, List<Document> changed, List<Document> unchanged) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Compares documents with those stored.
     *
     * @throws RegistryConflictException if a view version would change, or a source or an entity that a stored view uses
     */
    static RegistryChange of(Map<DefinitionId, Document> stored, List<Document> documents) {
        RegistryChange change = new RegistryChange(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<String> conflicts = new ArrayList<>();
        for (Document document : documents) {
            Document before = stored.get(DefinitionId.of(document));
            if (before == null) {
                change.added.add(document);
            } else if (before.json().equals(document.json())) {
                change.unchanged.add(document);
            } else {
                List<String> users = viewsThatUse(document, stored);
                if (users.isEmpty()) {
                    change.changed.add(document);
                } else {
                    conflicts.add(conflict(before, document, users));
                }
            }
        }
        if (!conflicts.isEmpty()) {
            throw new RegistryConflictException(conflicts);
        }
        return change;
    }

    /** All documents of the registry after the change. */
    List<Document> applyTo(Map<DefinitionId, Document> stored) {
        Map<DefinitionId, Document> after = new LinkedHashMap<>(stored);
        added.forEach(document -> after.put(DefinitionId.of(document), document));
        changed.forEach(document -> after.put(DefinitionId.of(document), document));
        return List.copyOf(after.values());
    }

    boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty();
    }

    private static String conflict(Document before, Document document, List<String> users) {
        String differences = JsonDifference.between(before.json(), document.json()).stream()
                .map(line -> "\n  " + line)
                .collect(joining());
        if (document.kind() == Kind.FEATURE_VIEW) {
            return DefinitionId.of(document)
                    + " differs from what was applied under that version. Give the changed view version "
                    + (document.version() + 1) + " or take the change back." + differences;
        }
        return DefinitionId.of(document) + " cannot change, because " + String.join(", ", users)
                + " was applied with it. Give the changed "
                + document.kind().spelling().toLowerCase(Locale.ROOT)
                + " another name and use it in a new version of the view." + differences;
    }

    /** The stored views whose meaning hangs on a definition; a view on itself, a service is used by none. */
    private static List<String> viewsThatUse(Document document, Map<DefinitionId, Document> stored) {
        return switch (document.kind()) {
            case FEATURE_VIEW -> List.of(document.name());
            case FEATURE_SERVICE -> List.of();
            case SOURCE -> viewsWith("source", document.name(), stored);
            case ENTITY -> viewsWith("entity", document.name(), stored);
        };
    }

    private static List<String> viewsWith(String member, String name, Map<DefinitionId, Document> stored) {
        return stored.values().stream()
                .filter(view -> view.kind() == Kind.FEATURE_VIEW)
                .filter(view -> parse(view).path(member).asText().equals(name))
                .map(view -> DefinitionId.of(view).toString())
                .toList();
    }

    private static JsonNode parse(Document document) {
        try {
            return JSON.readTree(document.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(DefinitionId.of(document) + " in the registry is not JSON.", e);
        }
    }
}
