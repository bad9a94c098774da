package dev.tidemark.cli;

import dev.tidemark.jobs.Pause;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;

/** Waits until every task of a job runs: a job counts as running before it takes in events. */
final class JobStart {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private JobStart() {}

    /** @throws IllegalStateException if the job ends, or does not run after a minute */
    static void await(MiniCluster cluster, JobClient job) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            AccessExecutionGraph graph =
                    cluster.getExecutionGraph(job.getJobID()).get();
            if (graph.getState().isGloballyTerminalState()) {
                throw new IllegalStateException("The job ended as it started: "
                        + (graph.getFailureInfo() == null
                                ? graph.getState()
                                : graph.getFailureInfo().getExceptionAsString()));
            }
            if (StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                    .allMatch(task -> task.getExecutionState() == ExecutionState.RUNNING)) {
                return;
            }
            Pause.of(BETWEEN_LOOKS);
        }
        throw new IllegalStateException("The job does not run after a minute.");
    }
}
