package dev.tidemark.jobs.sink;

import dev.tidemark.stores.Writer;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Who a writer is to the fence of its view.
 *
 * <p>Flink counts attempts for each subtask, from 0 in each execution graph. Its default scheduler keeps the graph over restarts,
 * and restarts a whole region, all of a view's subtasks among it, together. Its adaptive scheduler makes a graph for each restart and
 * takes the counts over, so that a subtask that came with a rescaling has a smaller one than its neighbours; a JobManager
 * that takes over makes a graph and counts from 0. So an attempt tells subtasks of one graph from their predecessors, and nothing
 * else; within a graph the parallelism, and with it the entities of each subtask, stay as they are.
 */
final class WriterIdentity {
    /** The task's variable for metrics that begins with the id of the execution graph; a task is told its graph nowhere else. */
    private static final String ATTEMPT_ID = "<task_attempt_id>";

    private WriterIdentity() {}

    /**
     * The identity of a sink's writer.
     *
     * @param role tells the sinks of a view apart, for example {@code history}
     */
    static Writer of(Writer.Line line, String role, WriterInitContext context) {
        String job = context.getJobInfo().getJobId().toString();
        String attempt = context.metricGroup().getAllVariables().getOrDefault(ATTEMPT_ID, "");
        int graphEnd = attempt.indexOf('_');
        return new Writer(
                line,
                job,
                graphEnd > 0 ? attempt.substring(0, graphEnd) : job,
                role + "/" + context.getTaskInfo().getIndexOfThisSubtask(),
                context.getTaskInfo().getAttemptNumber());
    }
}
