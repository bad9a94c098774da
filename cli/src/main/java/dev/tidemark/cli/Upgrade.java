package dev.tidemark.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** Replaces a job by another that goes on from its savepoint, and goes back to it if the other does not come up. */
final class Upgrade {
    static final int WENT_BACK = 3;

    private final JobLaunch launch;
    private final JobSavepoint savepoint;
    private final Duration timeout;
    private final Duration watch;
    private final PrintWriter out;

    Upgrade(FlinkRest cluster, JobSavepoint savepoint, Duration timeout, Duration watch, PrintWriter out) {
        this.launch = new JobLaunch(cluster);
        this.savepoint = savepoint;
        this.timeout = timeout;
        this.watch = watch;
        this.out = out;
    }

    /**
     * Does it and returns the exit code.
     *
     * @param before what the job was started with
     * @param after what is to replace it
     * @throws ClusterException if the job could not be stopped, and then goes on, or if neither of the two comes up
     */
    int run(String job, JobLaunch.Order before, JobLaunch.Order after) throws InterruptedException {
        Stopwatch stopwatch = new Stopwatch();
        String path = savepoint.takeAndStop(job);
        say("Job " + job + " has stopped with the savepoint " + path + " (" + stopwatch.lap() + ").");
        try {
            return goOn(path, before, after, stopwatch);
        } catch (ClusterException | UserException e) {
            throw new ClusterException(e.getMessage() + "\nThe savepoint is " + path
                    + "; './tidemark submit --savepoint' goes on from it.");
        }
    }

    private int goOn(String path, JobLaunch.Order before, JobLaunch.Order after, Stopwatch stopwatch)
            throws InterruptedException {
        Attempt now = attempt(after.from(path));
        if (now.failure().isEmpty()) {
            say("Job " + now.job() + " goes on from there; all its tasks run, with a parallelism of "
                    + launch.parallelism(now.job()) + " (" + stopwatch.lap() + ").");
            return 0;
        }
        say("The new job did not come up: " + now.failure().get());
        launch.cancel(now.job());
        say("Going back to what ran before, with the addresses that were given now.");
        Attempt back = attempt(before.from(path));
        if (back.failure().isPresent()) {
            throw new ClusterException("The old job does not come up either: "
                    + back.failure().get() + "\n"
                    + (launch.knows(back.job()) ? "Job " + back.job() + " was left as it is." : "No job runs."));
        }
        say("Job " + back.job() + " goes on as before, from the same savepoint (" + stopwatch.lap() + ").");
        return WENT_BACK;
    }

    /** A start: the job's id, whether or not there is one now, and why it did not come up, empty if it did. */
    private record Attempt(String job, Optional<String> failure) {}

    private Attempt attempt(JobLaunch.Order order) throws InterruptedException {
        String job = JobLaunch.newId();
        try {
            launch.start(job, order);
            return new Attempt(job, launch.awaitUp(job, timeout, watch));
        } catch (ClusterException | UserException e) {
            return new Attempt(job, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
