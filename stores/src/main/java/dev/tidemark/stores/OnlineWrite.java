package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;

/**
 * The newest row of one entity in one view version.
 *
 * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
 */
public record OnlineWrite(FeatureView view, String key, FeatureRow row) {}
