package dev.tidemark.benchmarks;

import java.time.Duration;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job that takes an incremental checkpoint every so often. */
record Checkpointed(Contender job, Duration interval) implements Contender {
    @Override
    public String label() {
        return job.label() + " with a checkpoint every " + interval.toMillis() / 1000.0 + " s";
    }

    @Override
    public boolean doneByResults() {
        return job.doneByResults();
    }

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        environment.enableCheckpointing(interval.toMillis());
        return job.addTo(environment, workload, run);
    }
}
