package dev.tidemark.defs;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A value computed from a row's features when it is read, online and in training alike.
 *
 * <p>Besides the view's features, derived features that come before it and the join keys, the expression may use
 * {@code now}, the instant of the read, and {@code last_event_time}, both timestamps.
 */
public record DerivedFeature(String name, DataType type, Expression expression, @Nullable String description)
        implements Serializable {}
