/** The pipeline on files: what the features would be on recorded events, without Kafka and without stores. */
@NullMarked
package dev.tidemark.jobs.files;

import org.jspecify.annotations.NullMarked;
