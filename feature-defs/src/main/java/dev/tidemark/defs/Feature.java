package dev.tidemark.defs;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One value that a feature view computes: one aggregate over one window. A declaration with several windows or percentiles is
 * several features.
 *
 * @param name the full name, for example {@code edits_10m}; unique in its view
 * @param type the type of the value
 * @param column the column that is aggregated; null for a count of events
 * @param where which of the view's events count; null for all
 * @param defaultValue what stands for the value of nothing; null if that is null
 * @param description what the feature means; null if the definition does not say
 */
public record Feature(
        String name,
        DataType type,
        Aggregate aggregate,
        @Nullable String column,
        Window window,
        @Nullable Expression where,
        @Nullable Serializable defaultValue,
        @Nullable String description)
        implements Serializable {}
