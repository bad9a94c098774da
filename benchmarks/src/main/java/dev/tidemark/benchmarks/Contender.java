package dev.tidemark.benchmarks;

import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** One of the two jobs of a {@link Comparison}. */
interface Contender {
    /** What it is, in a few words. */
    String label();

    /**
     * Whether an event is done only when {@link Results} have come to its time. Otherwise it is done when it was taken, which is kinder,
     * and right for a job that gives no results.
     */
    default boolean doneByResults() {
        return true;
    }

    /**
     * Adds the whole job, sinks and all, to an environment.
     *
     * @param run the name of the run, for {@link Results}
     * @return the operator whose incoming events are counted
     */
    Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run);
}
