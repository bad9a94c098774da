package dev.tidemark.benchmarks;

/**
 * How far a run has come. An event is done when the measured operator has taken it and, if the contender says so, the results have come
 * to the event's time: an operator that collects events, and works on them when the watermark comes, is not done when it has them.
 */
record Progress(Contender contender, Workload workload, String run) {
    /** The number of events done. */
    long done() {
        long taken = OperatorProgress.of(run);
        return contender.doneByResults() ? Math.min(taken, workload.before(Results.reached(run))) : taken;
    }

    /** Forgets the run. */
    void forget() {
        OperatorProgress.forget(run);
        Results.forget(run);
    }
}
