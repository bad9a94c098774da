package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import org.jspecify.annotations.Nullable;

/**
 * One row of the history of one entity in one view version, or word that there is no such row any more.
 *
 * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
 * @param validFrom the row's valid_from, epoch milliseconds
 * @param row null to delete the row
 */
public record HistoryWrite(FeatureView view, String key, long validFrom, @Nullable FeatureRow row) {
    /** A row to be kept. */
    public HistoryWrite(FeatureView view, String key, FeatureRow row) {
        this(view, key, row.validFrom(), row);
    }

    /** The deletion of the row of an entity with one valid_from, epoch milliseconds. */
    public static HistoryWrite deletion(FeatureView view, String key, long validFrom) {
        return new HistoryWrite(view, key, validFrom, null);
    }

    /** Whether the row is to be deleted. */
    public boolean deletes() {
        return row == null;
    }
}
