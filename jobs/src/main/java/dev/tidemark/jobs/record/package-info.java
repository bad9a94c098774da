/**
 * What travels between the operators of a job, and how it is written on the wire.
 *
 * <p>Every type here is immutable and has a serializer of its own: nothing falls back to a generic one, so what a channel
 * or a savepoint holds is known to the byte.
 */
@NullMarked
package dev.tidemark.jobs.record;

import org.jspecify.annotations.NullMarked;
