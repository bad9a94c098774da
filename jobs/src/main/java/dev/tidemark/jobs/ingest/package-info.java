/**
 * How a record of the log becomes an event: reading its bytes, projecting it for every view of its source, and the verdict
 * on lateness. What is refused comes out as a dead letter; nothing here throws because of what a record contains.
 */
@NullMarked
package dev.tidemark.jobs.ingest;

import org.jspecify.annotations.NullMarked;
