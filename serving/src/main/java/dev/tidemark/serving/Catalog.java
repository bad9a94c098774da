package dev.tidemark.serving;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureService;
import dev.tidemark.defs.FeatureService.FeatureReference;
import dev.tidemark.defs.FeatureView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be asked for at present. Immutable. */
final class Catalog {
    private static final Pattern REFERENCE = Pattern.compile("([^:@]+)(?:@([0-9]{1,9}))?(?::([^:@]+))?");

    private final Definitions definitions;
    private final Map<String, ServedView> views = new HashMap<>();
    private final Set<String> joinKeys = new HashSet<>();

    Catalog(Definitions definitions) {
        this(definitions, Map.of());
    }

    private Catalog(Definitions definitions, Map<String, ServedView> before) {
        this.definitions = definitions;
        for (FeatureView view : definitions.views()) {
            ServedView served = before.get(view.id());
            views.put(view.id(), served != null && served.view().equals(view) ? served : new ServedView(view));
        }
        definitions.entities().forEach(entity -> joinKeys.addAll(entity.keyNames()));
    }

    /** The catalog of other definitions. It keeps what is prepared for the views that are the same, which are most of them. */
    Catalog with(Definitions other) {
        return new Catalog(other, views);
    }

    /** Whether any entity has a join key of that name. */
    boolean isJoinKey(String name) {
        return joinKeys.contains(name);
    }

    /**
     * The features of a service, in its order.
     *
     * @throws ApiException if there is none of that name
     */
    List<SelectedFeature> service(String name) {
        FeatureService service = definitions
                .service(name)
                .orElseThrow(
                        () -> ApiException.unknown("There is no feature service '" + Shown.text(name) + "'. There are: "
                                + Names.list(definitions.services().stream()
                                        .map(FeatureService::name)
                                        .toList())
                                + "."));
        return service.features().stream().map(this::resolve).toList();
    }

    /**
     * The features that references name, in their order and each once. A reference is {@code view:feature},
     * {@code view@version:feature}, or without {@code :feature} for all of a view's features.
     *
     * @throws ApiException if a reference has another form or names something that does not exist
     */
    List<SelectedFeature> features(List<String> references) {
        Set<SelectedFeature> selected = new LinkedHashSet<>();
        for (String reference : references) {
            Matcher parts = REFERENCE.matcher(reference);
            if (!parts.matches()) {
                throw ApiException.unprocessable(
                        "'" + Shown.text(reference)
                                + "' is not of the form view:feature, view@version:feature or, for all features of a view, view.");
            }
            ServedView view = view(parts.group(1), parts.group(2));
            String feature = parts.group(3);
            if (feature == null) {
                selected.addAll(view.features());
            } else {
                selected.add(feature(view, feature));
            }
        }
        return List.copyOf(selected);
    }

    private ServedView view(String name, @Nullable String version) {
        FeatureView view = (version == null
                        ? definitions.view(name)
                        : definitions.view(name, Integer.parseInt(version)))
                .orElseThrow(() -> ApiException.unknown("There is no feature view '" + Shown.text(name)
                        + (version == null ? "" : "@" + version) + "'. There are: "
                        + Names.list(definitions.views().stream()
                                .map(FeatureView::id)
                                .toList())
                        + "."));
        return served(view);
    }

    private static SelectedFeature feature(ServedView view, String name) {
        SelectedFeature feature = view.feature(name);
        if (feature == null) {
            throw ApiException.unknown("The feature view " + view.view().id() + " has no feature '" + Shown.text(name)
                    + "'. It has: " + Names.list(view.featureNames()) + ".");
        }
        return feature;
    }

    private SelectedFeature resolve(FeatureReference reference) {
        return feature(served(reference.view()), reference.feature());
    }

    private ServedView served(FeatureView view) {
        ServedView served = views.get(view.id());
        if (served == null) {
            throw new IllegalStateException("The definitions use the view " + view.id() + " but do not contain it.");
        }
        return served;
    }
}
