/**
 * Real Kafka, Postgres, Redis and Flink for tests and for the command line, with nothing installed beforehand.
 *
 * <p>{@link dev.tidemark.sandbox.Sandbox} runs them beside the calling process on free loopback ports and leaves nothing behind.
 * Whoever only needs to know where the servers are depends on {@link dev.tidemark.sandbox.Backends}.
 */
@NullMarked
package dev.tidemark.sandbox;

import org.jspecify.annotations.NullMarked;
