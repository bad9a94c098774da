/** Sources and dead letters in Kafka. */
@NullMarked
package dev.tidemark.jobs.kafka;

import org.jspecify.annotations.NullMarked;
