package dev.tidemark.jobs.audit;

import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.stores.HistoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether two versions of a view have the same values where they define features the same. It is for information: each version is
 * right or wrong by itself.
 *
 * @param features the names of the features that both define the same
 * @param values how many values of them were compared
 * @param differing how many were not the same to the bit; where a version has no row, its values are missing and differ
 */
public record Agreement(List<String> features, long values, long differing) {
    public Agreement {
        features = List.copyOf(features);
    }

    /**
     * Compares what the histories of two versions hold of some entities at one instant: the last that both have settled. Nothing is
     * compared while one of them has settled nothing.
     *
     * @param entities how many; {@link Integer#MAX_VALUE} for all
     * @param seed decides which, as in {@link Audit.Options}
     * @param latest the instant is not after this one, epoch milliseconds
     */
    public static Agreement of(
            FeatureView one, FeatureView other, HistoryStore history, int entities, long seed, long latest) {
        List<Feature> same = sameFeatures(one, other);
        long values = 0;
        long differing = 0;
        Long settledOne = history.settled(one);
        Long settledOther = history.settled(other);
        if (!same.isEmpty() && settledOne != null && settledOther != null) {
            Instant instant = Instant.ofEpochMilli(Math.min(latest, Math.min(settledOne, settledOther)));
            for (String key : sample(other, history, entities, seed)) {
                Optional<FeatureRow> first = history.rowAt(one, key, instant);
                Optional<FeatureRow> second = history.rowAt(other, key, instant);
                if (first.isEmpty() && second.isEmpty()) {
                    continue;
                }
                for (Feature feature : same) {
                    values++;
                    if (first.isEmpty()
                            || second.isEmpty()
                            || !value(one, feature, first.get()).sameContent(value(other, feature, second.get()))) {
                        differing++;
                    }
                }
            }
        }
        return new Agreement(same.stream().map(Feature::name).toList(), values, differing);
    }

    /** A computed column may stand behind any feature, so where these differ no feature is known to be the same. */
    private static List<Feature> sameFeatures(FeatureView one, FeatureView other) {
        boolean sameEvents = one.source().equals(other.source())
                && one.entity().equals(other.entity())
                && Objects.equals(one.where(), other.where())
                && one.columns().equals(other.columns());
        List<Feature> same = new ArrayList<>();
        if (sameEvents) {
            one.features().stream().filter(other.features()::contains).forEach(same::add);
        }
        return same;
    }

    private static TreeSet<String> sample(FeatureView view, HistoryStore history, int entities, long seed) {
        Sample sample = new Sample(entities, seed);
        if (!sample.isAll()) {
            history.scan(view, (key, row) -> sample.offer(key));
        }
        TreeSet<String> keys = new TreeSet<>();
        history.scan(view, (key, row) -> {
            if (sample.contains(key)) {
                keys.add(key);
            }
        });
        return keys;
    }

    private static FeatureRow value(FeatureView view, Feature feature, FeatureRow row) {
        @Nullable Object value = row.values().get(view.features().indexOf(feature));
        return new FeatureRow(Collections.singletonList(value), 0, 0, 0);
    }
}
