/** What is known of a view's job from outside: how far it has come, for which a takeover waits, and which views it computes together. */
@NullMarked
package dev.tidemark.jobs.takeover;

import org.jspecify.annotations.NullMarked;
