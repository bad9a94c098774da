package dev.tidemark.defs;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A complete, valid set of definitions with all references resolved.
 *
 * @param documents the same set as text, one canonical document each, from which it can be read again
 * @param current which version a view's name stands for without one; for a view that is not in it, the greatest
 */
public record Definitions(
        List<Source> sources,
        List<Entity> entities,
        List<FeatureView> views,
        List<FeatureService> services,
        List<Document> documents,
        Map<String, Integer> current) {

    public Definitions {
        sources = List.copyOf(sources);
        entities = List.copyOf(entities);
        views = List.copyOf(views);
        services = List.copyOf(services);
        documents = List.copyOf(documents);
        current = Map.copyOf(current);
    }

    /** A set in which a view's name stands for its greatest version. */
    public Definitions(
            List<Source> sources,
            List<Entity> entities,
            List<FeatureView> views,
            List<FeatureService> services,
            List<Document> documents) {
        this(sources, entities, views, services, documents, Map.of());
    }

    /** One view, with the source and the entity that it uses. */
    public static Definitions of(FeatureView view) {
        return new Definitions(
                List.of(view.source()),
                List.of(view.entity()),
                List.of(view),
                List.of(),
                List.of(CanonicalJson.of(view.source()), CanonicalJson.of(view.entity()), CanonicalJson.of(view)));
    }

    public Optional<Source> source(String name) {
        return sources.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public Optional<Entity> entity(String name) {
        return entities.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** The view of that name; where there are several versions, the current one. */
    public Optional<FeatureView> view(String name) {
        Integer version = current.get(name);
        return version != null
                ? view(name, version)
                : views.stream().filter(v -> v.name().equals(name)).max(Comparator.comparingInt(FeatureView::version));
    }

    public Optional<FeatureView> view(String name, int version) {
        return views.stream()
                .filter(v -> v.name().equals(name) && v.version() == version)
                .findFirst();
    }

    public Optional<FeatureService> service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** Some of the views, with the sources and entities that they use, and no service. */
    public Definitions only(List<FeatureView> chosen) {
        Set<Source> usedSources = new HashSet<>();
        Set<Entity> usedEntities = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (FeatureView view : chosen) {
            usedSources.add(view.source());
            usedEntities.add(view.entity());
            ids.add("FEATURE_VIEW " + view.id());
            ids.add("SOURCE " + view.source().name() + "@0");
            ids.add("ENTITY " + view.entity().name() + "@0");
        }
        return new Definitions(
                sources.stream().filter(usedSources::contains).toList(),
                entities.stream().filter(usedEntities::contains).toList(),
                chosen,
                List.of(),
                documents.stream()
                        .filter(each -> ids.contains(each.kind() + " " + each.name() + "@" + each.version()))
                        .toList());
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
