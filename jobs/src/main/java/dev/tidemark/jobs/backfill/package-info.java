/**
 * Computes the history of one view again from the log: the same topology as the live job's, bounded and without the online store.
 */
@NullMarked
package dev.tidemark.jobs.backfill;

import org.jspecify.annotations.NullMarked;
