/**
 * Writers of rows into the stores. They collect rows into batches, hold on while a store is away, and hand everything over
 * before a checkpoint is acknowledged: at least once, and writing a row again changes nothing.
 */
@NullMarked
package dev.tidemark.jobs.sink;

import org.jspecify.annotations.NullMarked;
