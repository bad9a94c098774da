package dev.tidemark.jobs.sink;

import org.apache.flink.api.common.operators.ProcessingTimeService;

/** Ends the wait of a batch that does not fill up. The action runs in the task's own thread, between records. */
final class BatchTimer {
    private final ProcessingTimeService clock;
    private final long interval;
    private final Action action;
    private boolean running;

    /**
     * A timer that rests.
     *
     * @param interval milliseconds
     */
    BatchTimer(ProcessingTimeService clock, long interval, Action action) {
        this.clock = clock;
        this.interval = interval;
        this.action = action;
    }

    /** Makes the action run once after the interval, unless it is about to anyway. */
    void start() {
        if (!running) {
            running = true;
            clock.registerTimer(clock.getCurrentProcessingTime() + interval, time -> {
                running = false;
                action.run();
            });
        }
    }

    /** What ends the wait. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }
}
