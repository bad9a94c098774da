package dev.tidemark.defs;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group of features of one entity, computed from one source. A name and a version stand for one content for ever.
 *
 * @param version one or more
 * @param ttl how long after an entity's last event its values may still be used; null for ever
 * @param where which events of the source are the view's; null for all
 * @param columns what the view adds to the source's columns, in the order of computation
 * @param features what is computed and stored, in declaration order
 * @param derived what is computed when a row is read, in an order in which each uses only earlier ones
 */
public record FeatureView(
        String name,
        int version,
        Entity entity,
        Source source,
        @Nullable String owner,
        @Nullable String description,
        List<String> tags,
        @Nullable Duration ttl,
        @Nullable Expression where,
        List<Column> columns,
        List<Feature> features,
        List<DerivedFeature> derived,
        History history)
        implements Serializable {

    public FeatureView {
        tags = List.copyOf(tags);
        columns = List.copyOf(columns);
        features = List.copyOf(features);
        derived = List.copyOf(derived);
    }

    /** Name and version as one word, for example {@code editor_activity@1}. */
    public String id() {
        return name + "@" + version;
    }

    public Optional<Feature> feature(String featureName) {
        return features.stream().filter(f -> f.name().equals(featureName)).findFirst();
    }

    public Optional<DerivedFeature> derivedFeature(String featureName) {
        return derived.stream().filter(f -> f.name().equals(featureName)).findFirst();
    }

    /** The same view with another history. */
    public FeatureView withHistory(History other) {
        return new FeatureView(
                name, version, entity, source, owner, description, tags, ttl, where, columns, features, derived, other);
    }

    /**
     * How the history of the view is kept.
     *
     * @param retention how long a row is kept; null for ever
     * @param every of the rows whose valid_from falls in one such interval only the last is kept; null for all rows
     */
    public record History(@Nullable Duration retention, @Nullable Duration every) implements Serializable {
        public static final History FULL = new History(null, null);
    }
}
