package dev.tidemark.defs;

import java.io.Serializable;
import java.util.List;

/**
 * What one model reads: features of one or more views under one name.
 *
 * @param features in the order of the definition, each once
 */
public record FeatureService(String name, List<FeatureReference> features) implements Serializable {
    public FeatureService {
        features = List.copyOf(features);
    }

    /**
     * One feature of one view version, stored or derived.
     *
     * @param view the resolved view
     * @param feature the full name of a feature or derived feature of that view
     */
    public record FeatureReference(FeatureView view, String feature) implements Serializable {}
}
