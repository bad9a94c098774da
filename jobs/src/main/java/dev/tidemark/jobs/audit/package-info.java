/**
 * The proof that both stores are right: {@link dev.tidemark.jobs.audit.Audit} compares them with each other and with a
 * recomputation from the log. It shares with the job how a record is read and how windows are computed, and nothing that a job keeps:
 * no state, no offsets, no watermark, no batch. Flink has no part in it.
 */
@NullMarked
package dev.tidemark.jobs.audit;

import org.jspecify.annotations.NullMarked;
