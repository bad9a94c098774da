package dev.tidemark.defs;

import dev.tidemark.defs.Definitions.Kind;
import dev.tidemark.defs.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Documents sorted by kind and read in the order in which they refer to each other, whatever file they stand in. */
final class DefinitionSet {
    private static final List<String> KINDS =
            Arrays.stream(Kind.values()).map(Kind::spelling).toList();

    private final Problems problems;
    private final Map<String, Integer> current;
    private final Map<Kind, List<YamlValue>> documents = new EnumMap<>(Kind.class);

    private final Declarations<SourceReader.Draft> sources;
    private final Declarations<EntityReader.Draft> entities;
    private final ViewDeclarations views;
    private final Declarations<ServiceReader.Draft> services;

    DefinitionSet(Map<String, Integer> current, Problems problems) {
        this.problems = problems;
        this.current = current;
        this.sources = new Declarations<>("source", "sources", problems);
        this.entities = new Declarations<>("entity", "entities", problems);
        this.views = new ViewDeclarations(current, problems);
        this.services = new Declarations<>("feature service", "feature services", problems);
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** Puts a document with those of its kind. */
    void sort(YamlValue document) {
        if (!(document instanceof YamlValue.Mapping mapping)) {
            problems.report(
                    document.place(),
                    "A definition must be a mapping, not " + document.describe() + ".",
                    "Begin with 'kind:'.");
            noteUnreadable();
            return;
        }
        Optional<YamlValue.Entry> entry = mapping.entries().stream()
                .filter(each -> each.key().equals("kind"))
                .findFirst();
        if (entry.isEmpty()) {
            problems.report(
                    mapping.place(),
                    "The definition has no 'kind'.",
                    "The kinds are: " + Suggestions.list(KINDS) + ".");
            noteUnreadable();
            return;
        }
        kind(entry.get().value())
                .ifPresentOrElse(
                        kind -> documents
                                .computeIfAbsent(kind, k -> new ArrayList<>())
                                .add(mapping),
                        this::noteUnreadable);
    }

    private Optional<Kind> kind(YamlValue value) {
        String spelling = value instanceof Scalar scalar ? scalar.text() : "";
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(each -> each.spelling().equals(spelling))
                .findFirst();
        if (kind.isEmpty()) {
            problems.report(
                    value.place(),
                    value instanceof Scalar
                            ? "There is no kind '" + spelling + "'."
                            : "'kind' must be a text, not " + value.describe() + ".",
                    Suggestions.of(spelling, "kinds", KINDS));
        }
        return kind;
    }

    /** Notes that some document could not be read; any reference might mean that one. */
    void noteUnreadable() {
        sources.addNameless();
        entities.addNameless();
        views.addNameless();
    }

    void read() {
        of(Kind.SOURCE).forEach(document -> SourceReader.read(document, sources, problems));
        of(Kind.ENTITY).forEach(document -> EntityReader.read(document, entities, problems));
        of(Kind.FEATURE_VIEW).forEach(document -> ViewReader.read(document, sources, entities, views, problems));
        of(Kind.FEATURE_SERVICE).forEach(document -> ServiceReader.read(document, views, services, problems));
    }

    private List<YamlValue> of(Kind kind) {
        return documents.getOrDefault(kind, List.of());
    }

    /** The definitions; only if there was no problem. */
    Definitions resolved() {
        List<Definitions.Document> canonical = new ArrayList<>();
        List<Source> validSources = sources.all().stream()
                .map(draft -> Objects.requireNonNull(draft.source()))
                .toList();
        List<Entity> validEntities = entities.all().stream()
                .map(draft -> Objects.requireNonNull(draft.entity()))
                .toList();
        List<FeatureView> validViews = views.all().stream()
                .map(draft -> Objects.requireNonNull(draft.view()))
                .toList();
        validSources.forEach(source -> canonical.add(CanonicalJson.of(source)));
        validEntities.forEach(entity -> canonical.add(CanonicalJson.of(entity)));
        validViews.forEach(view -> canonical.add(CanonicalJson.of(view)));
        services.all().forEach(draft -> canonical.add(CanonicalJson.of(draft.service(), draft.references())));
        List<FeatureService> validServices =
                services.all().stream().map(ServiceReader.Draft::service).toList();
        return new Definitions(validSources, validEntities, validViews, validServices, canonical, current);
    }
}
