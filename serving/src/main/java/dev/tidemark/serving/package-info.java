/**
 * The HTTP server that models read features from.
 *
 * <p>{@link dev.tidemark.serving.FeatureServer} answers from the online store and from the definitions in the registry, and
 * from nothing else: it does not know how values are computed, neither jobs nor Flink.
 */
@NullMarked
package dev.tidemark.serving;

import org.jspecify.annotations.NullMarked;
