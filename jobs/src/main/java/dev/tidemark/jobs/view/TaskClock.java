package dev.tidemark.jobs.view;

import org.apache.flink.util.function.RunnableWithException;

/** The wall clock of a task. */
interface TaskClock {
    /** Epoch milliseconds. */
    long now();

    /** Does something after so many milliseconds, in the task's own thread and between records; not if the job stops before. */
    void after(long millis, RunnableWithException action);
}
