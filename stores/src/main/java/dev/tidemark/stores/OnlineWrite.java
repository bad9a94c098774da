package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;

/**
 * The newest row of one entity in one view version.
 *
 * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
 * @param position of the events that the row knows
 */
public record OnlineWrite(FeatureView view, String key, FeatureRow row, LogPosition position) {
    /** A row of which nobody asks which events it knows. */
    public OnlineWrite(FeatureView view, String key, FeatureRow row) {
        this(view, key, row, LogPosition.NONE);
    }
}
