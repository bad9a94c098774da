package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;

/**
 * One row of the history of one entity in one view version.
 *
 * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
 */
public record HistoryWrite(FeatureView view, String key, FeatureRow row) {}
