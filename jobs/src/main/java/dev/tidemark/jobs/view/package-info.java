/** The keyed part of a job: one thin function for each view, which keeps the engine's entity states in Flink's state. */
@NullMarked
package dev.tidemark.jobs.view;

import org.jspecify.annotations.NullMarked;
