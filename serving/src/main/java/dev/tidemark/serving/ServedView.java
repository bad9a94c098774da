package dev.tidemark.serving;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.DerivedFeature;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.DerivedValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A view version and all that is prepared once to answer requests for it. */
final class ServedView {
    private final FeatureView view;
    private final DerivedValues derived;
    private final Map<String, SelectedFeature> features = new LinkedHashMap<>();

    ServedView(FeatureView view) {
        this.view = view;
        this.derived = DerivedValues.of(view);
        for (Feature feature : view.features()) {
            add(feature.name(), feature.type(), features.size());
        }
        for (DerivedFeature feature : view.derived()) {
            add(feature.name(), feature.type(), SelectedFeature.DERIVED);
        }
    }

    private void add(String name, DataType type, int index) {
        features.put(name, new SelectedFeature(this, name, type, index));
    }

    FeatureView view() {
        return view;
    }

    DerivedValues derived() {
        return derived;
    }

    /** All features in their order, stored ones first. */
    List<SelectedFeature> features() {
        return List.copyOf(features.values());
    }

    @Nullable
    SelectedFeature feature(String name) {
        return features.get(name);
    }

    List<String> featureNames() {
        return List.copyOf(features.keySet());
    }
}
