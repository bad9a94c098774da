package dev.tidemark.serving;

import dev.tidemark.engine.FeatureRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one entity in one view at one instant.
 *
 * @param row null if the entity was never seen
 * @param expired whether the row is older than the view's ttl
 * @param derived the derived features' values, where any was asked for
 */
record ViewAnswer(@Nullable FeatureRow row, boolean expired, Map<String, @Nullable Object> derived) {

    static ViewAnswer of(
            ServedView view, List<Object> keys, @Nullable FeatureRow row, Instant now, boolean withDerived) {
        if (row == null) {
            return new ViewAnswer(null, false, Map.of());
        }
        boolean expired = row.isOutsideMaxAge(view.view().ttl(), now);
        boolean derive = withDerived && !expired;
        return new ViewAnswer(row, expired, derive ? view.derived().evaluate(keys, row, now) : Map.of());
    }

    /** The value of one of the view's features; null where the {@link #status} is another than PRESENT. */
    @Nullable
    Object value(SelectedFeature feature) {
        if (row == null || expired) {
            return null;
        }
        return feature.isDerived() ? derived.get(feature.name()) : row.values().get(feature.index());
    }

    Status status(SelectedFeature feature) {
        if (row == null) {
            return Status.NOT_FOUND;
        } else if (expired) {
            return Status.OUTSIDE_MAX_AGE;
        }
        return value(feature) == null ? Status.NULL_VALUE : Status.PRESENT;
    }

    /** The time of the entity's last event; the epoch if there was none. */
    Instant eventTime() {
        return row == null ? Instant.EPOCH : Instant.ofEpochMilli(row.lastEventTime());
    }
}
