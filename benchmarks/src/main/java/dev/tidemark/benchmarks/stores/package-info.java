/**
 * The benchmarks with real servers: Kafka, Postgres and Redis of a sandbox in and under this process, on the same processors as what is
 * measured.
 */
@NullMarked
package dev.tidemark.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
