package dev.tidemark.defs;

import java.util.List;
import java.util.Optional;

/**
 * A complete, valid set of definitions with all references resolved.
 *
 * @param documents the same set as text, one canonical document each, from which it can be read again
 */
public record Definitions(
        List<Source> sources,
        List<Entity> entities,
        List<FeatureView> views,
        List<FeatureService> services,
        List<Document> documents) {

    public Definitions {
        sources = List.copyOf(sources);
        entities = List.copyOf(entities);
        views = List.copyOf(views);
        services = List.copyOf(services);
        documents = List.copyOf(documents);
    }

    public Optional<Source> source(String name) {
        return sources.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public Optional<Entity> entity(String name) {
        return entities.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** The view of that name; its greatest version, where there are several. */
    public Optional<FeatureView> view(String name) {
        return views.stream()
                .filter(v -> v.name().equals(name))
                .max(java.util.Comparator.comparingInt(FeatureView::version));
    }

    public Optional<FeatureView> view(String name, int version) {
        return views.stream()
                .filter(v -> v.name().equals(name) && v.version() == version)
                .findFirst();
    }

    public Optional<FeatureService> service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /**
     * One definition in canonical form: two documents mean the same if and only if their JSON is equal.
     *
     * @param version of a feature view; 0 for the other kinds
     * @param json an object with {@code kind}, its members sorted by name except where order has a meaning
     */
    public record Document(Kind kind, String name, int version, String json) {}

    /** What a document defines. */
    public enum Kind {
        SOURCE("Source"),
        ENTITY("Entity"),
        FEATURE_VIEW("FeatureView"),
        FEATURE_SERVICE("FeatureService");

        private final String spelling;

        Kind(String spelling) {
            this.spelling = spelling;
        }

        /** The kind as a definition spells it. */
        public String spelling() {
            return spelling;
        }
    }
}
