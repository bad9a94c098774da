/**
 * How a value is computed: the pure core of Tidemark, without Flink and without input or output.
 *
 * <p>A {@link dev.tidemark.engine.ViewPlan} is what the engine needs to know of a feature view, an
 * {@code EntityState} is one entity's windows, and a {@link dev.tidemark.engine.FeatureRow} is what comes
 * out. docs/semantics.md says which values are right.
 */
@NullMarked
package dev.tidemark.engine;

import org.jspecify.annotations.NullMarked;
