/**
 * What feature values must be, computed from the definition alone and as slowly as that takes.
 *
 * <p>{@link dev.tidemark.engine.oracle.Oracle} shares nothing with the engine but the records for definitions, keys and rows. The
 * generators in {@link dev.tidemark.engine.oracle.Scenarios} make views and logs that are hard on an engine.
 */
@NullMarked
package dev.tidemark.engine.oracle;

import org.jspecify.annotations.NullMarked;
