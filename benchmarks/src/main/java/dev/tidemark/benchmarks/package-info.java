/**
 * How fast Tidemark is, measured side by side with its peers in one process. Each benchmark prints what it measured and, last, one
 * line {@code NAME ratio=X target=Y} for each of its targets, where higher is better. docs/performance.md says what is compared and how to read it.
 */
@NullMarked
package dev.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
