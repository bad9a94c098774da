package dev.tidemark.stores;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;

/**
 * A row as the online store has it.
 *
 * @param position of the events that the row knows
 * @param epoch the number of the {@link Epoch} that wrote it
 */
public record OnlineRow(FeatureRow row, LogPosition position, long epoch) {}
