package dev.tidemark.jobs;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink's settings on which the pipeline relies wherever it runs. */
final class PipelineSettings {
    /** What a record may wait in a network buffer that is not full yet: the default, 100 ms, would be most of a row's age. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);

    private PipelineSettings() {}

    static void apply(StreamExecutionEnvironment environment) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        // Everything that travels is immutable, so the operators of one chain may hand it on as it is.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        // A frontier speaks of what lies before it in its channel; unaligned checkpoints put what they find there
        // elsewhere.
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        environment.configure(settings);
    }
}
