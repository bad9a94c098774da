package dev.tidemark.defs;

import dev.tidemark.defs.FeatureService.FeatureReference;
import dev.tidemark.defs.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a {@code kind: FeatureService} document. */
final class ServiceReader {
    static final List<String> FIELDS = List.of("kind", "name", "features");

    private static final Pattern REFERENCE = Pattern.compile("([^@:\\s]+)(?:@([1-9][0-9]{0,6}))?(?::([^@:\\s]+))?");

    private final ViewDeclarations views;
    private final Problems problems;

    private ServiceReader(ViewDeclarations views, Problems problems) {
        this.views = views;
        this.problems = problems;
    }

    /**
     * What is known of a feature service.
     *
     * @param references as written
     */
    record Draft(FeatureService service, List<String> references) {}

    static void read(YamlValue document, ViewDeclarations views, Declarations<Draft> services, Problems problems) {
        Fields fields = Fields.of(document, "a feature service", FIELDS, problems);
        if (fields == null) {
            return;
        }
        String name = fields.requiredText("name");
        if (name != null) {
            Names.check("a feature service", name, fields.place("name"), problems);
        }
        YamlValue value = fields.required("features");
        List<YamlValue> elements = fields.list("features", value);
        if (value instanceof YamlValue.Sequence && elements.isEmpty()) {
            problems.report(value.place(), "The service has no features.", "List views or features: \"view:feature\".");
        }
        ServiceReader reader = new ServiceReader(views, problems);
        Set<FeatureReference> features = new LinkedHashSet<>();
        List<String> references = new ArrayList<>();
        for (YamlValue element : elements) {
            String reference = reader.text(element);
            if (reference != null && references.contains(reference)) {
                problems.report(element.place(), "'" + reference + "' is given twice.", "Remove one of them.");
            } else if (reference != null) {
                references.add(reference);
                features.addAll(reader.resolve(reference, element.place()));
            }
        }
        services.add(
                name,
                fields.place("name"),
                new Draft(new FeatureService(name == null ? "" : name, List.copyOf(features)), references));
    }

    private @Nullable String text(YamlValue element) {
        if (element instanceof Scalar scalar && REFERENCE.matcher(scalar.text()).matches()) {
            return scalar.text();
        }
        problems.report(
                element.place(),
                "A feature service lists names of views and features, not " + element.describe() + ".",
                "Write \"view\", \"view:feature\", \"view@version\" or \"view@version:feature\".");
        return null;
    }

    private List<FeatureReference> resolve(String reference, Place place) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw new IllegalStateException("Not a reference: " + reference);
        }
        @Nullable String version = parts.group(2);
        ViewReader.Draft draft =
                views.resolve(parts.group(1), version == null ? null : Integer.valueOf(version), place);
        if (draft == null) {
            return List.of();
        }
        @Nullable String feature = parts.group(3);
        if (feature != null && !draft.outputs().has(feature)) {
            if (draft.outputs().isComplete()) {
                problems.report(
                        place,
                        "The feature view '" + draft.name() + "' has no feature '" + feature + "'.",
                        Suggestions.of(feature, "features", draft.outputs().names()));
            }
            return List.of();
        }
        FeatureView view = draft.view();
        if (view == null) {
            return List.of();
        }
        Collection<String> chosen = feature == null ? names(view) : List.of(feature);
        return chosen.stream().map(each -> new FeatureReference(view, each)).toList();
    }

    private static Set<String> names(FeatureView view) {
        Set<String> names = new LinkedHashSet<>();
        view.features().forEach(feature -> names.add(feature.name()));
        view.derived().forEach(feature -> names.add(feature.name()));
        return names;
    }
}
