/**
 * The streaming job: records of a source in, rows of features out.
 *
 * <p>{@link dev.tidemark.jobs.FeaturePipeline} lays out the one topology that runs everywhere; where its records come from and where its rows go
 * is passed in. {@link dev.tidemark.jobs.FeatureJob} connects it to Kafka, Postgres and Redis, {@link dev.tidemark.jobs.JobMain} is
 * that job on a cluster, and {@link dev.tidemark.jobs.files.DryRunJob} runs it on files.
 */
@NullMarked
package dev.tidemark.jobs;

import org.jspecify.annotations.NullMarked;
