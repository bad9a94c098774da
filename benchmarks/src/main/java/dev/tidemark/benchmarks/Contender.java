package dev.tidemark.benchmarks;

import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** One of the two jobs of a {@link Comparison}. */
interface Contender {
    /** What it is, in a few words. */
    String label();

    /**
     * Adds the whole job, sinks and all, to an environment.
     *
     * @return the operator whose events are counted
     */
    SingleOutputStreamOperator<?> addTo(StreamExecutionEnvironment environment, Workload workload);
}
