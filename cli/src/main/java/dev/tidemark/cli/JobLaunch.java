package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.jobs.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.jspecify.annotations.Nullable;

/** Starts a job from a jar that was uploaded, and looks whether it comes up. */
final class JobLaunch {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final FlinkRest cluster;

    JobLaunch(FlinkRest cluster) {
        this.cluster = cluster;
    }

    /**
     * What to start.
     *
     * @param jar the id of an uploaded jar
     * @param definitions packed
     * @param arguments further ones
     * @param savepoint null to start without state
     * @param dropState whether state that no operator wants is let go; otherwise it is an error
     */
    record Order(
            String jar, String definitions, List<String> arguments, @Nullable String savepoint, boolean dropState) {
        /** The same from a savepoint. */
        Order from(String path) {
            return new Order(jar, definitions, arguments, path, dropState);
        }

        private Map<String, Object> plan() {
            return savepoint == null
                    ? Map.of("programArgsList", programArguments())
                    : Map.of(
                            "programArgsList",
                            programArguments(),
                            "flinkConfiguration",
                            Map.of(StateRecoveryOptions.SAVEPOINT_PATH.key(), savepoint));
        }

        private List<String> programArguments() {
            List<String> all = new ArrayList<>(List.of("--definitions", definitions, "--jar-id", jar));
            all.addAll(arguments);
            return all;
        }

        private Map<String, Object> body(String job) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("jobId", job);
            body.put("programArgsList", programArguments());
            if (savepoint != null) {
                body.put("savepointPath", savepoint);
                body.put("allowNonRestoredState", dropState);
            }
            return body;
        }
    }

    /** An id for a new job. It is known before the job is, so that a start whose answer got lost can be undone. */
    static String newId() {
        return new JobID().toHexString();
    }

    /**
     * Lets a job's main method run through without starting the job: it looks at the brokers, the topics, Redis, Postgres and the registry,
     * to which it applies the definitions if nothing is wrong. The savepoint is not read.
     *
     * @throws UserException if it finds that the job cannot start as asked
     */
    void check(Order order) throws InterruptedException {
        try {
            cluster.post("/jars/" + order.jar + "/plan", order.plan());
        } catch (ClusterException e) {
            throw new UserException("The new job could not start: " + e.getMessage());
        }
    }

    /**
     * Starts a job; it need not run yet.
     *
     * @throws ClusterException if the cluster, or the job's own main method, refuses
     */
    void start(String job, Order order) throws InterruptedException {
        try {
            cluster.post("/jars/" + order.jar + "/run", order.body(job));
        } catch (UserException e) {
            if (!knows(job)) {
                throw new ClusterException(e.getMessage() + "\nWhether job " + job
                        + " starts all the same is not certain; './tidemark jobs' shows it then.");
            }
        }
    }

    /**
     * Waits until every task of a job runs, and then for a while whether that lasts.
     *
     * @return why it did not come up; empty if it did
     */
    Optional<String> awaitUp(String job, Duration timeout, Duration watch) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long upSince = 0;
        while (true) {
            Look look = look(job);
            if (look.failure() != null) {
                return Optional.of(look.failure());
            }
            long now = System.nanoTime();
            if (!look.up()) {
                upSince = 0;
            } else if (upSince == 0) {
                upSince = now;
            }
            if (upSince != 0 && now - upSince >= watch.toNanos()) {
                return Optional.empty();
            }
            if (upSince == 0 && now - end > 0) {
                return Optional.of("after " + timeout.toSeconds() + " s its tasks are still " + look.tasks()
                        + ". Are there enough slots?");
            }
            pause();
        }
    }

    /** Cancels a job, unless there is none or it has ended, and waits for its end. */
    void cancel(String job) throws InterruptedException {
        if (!knows(job)) {
            return;
        }
        if (!look(job).ended()) {
            cluster.patch("/jobs/" + job + "?mode=cancel");
        }
        awaitEnd(job);
    }

    /** Whether the cluster has, or remembers, a job. */
    boolean knows(String job) throws InterruptedException {
        for (JsonNode known : cluster.poll("/jobs").path("jobs")) {
            if (known.path("id").asText().equals(job)) {
                return true;
            }
        }
        return false;
    }

    void awaitEnd(String job) throws InterruptedException {
        while (!look(job).ended()) {
            pause();
        }
    }

    /** How many instances a job's operators have at most. It can be fewer than was asked for, where the cluster lacks slots. */
    int parallelism(String job) throws InterruptedException {
        int greatest = 0;
        for (JsonNode vertex : cluster.poll("/jobs/" + job).path("vertices")) {
            greatest = Math.max(greatest, vertex.path("parallelism").asInt());
        }
        return greatest;
    }

    /** How a job looks at a moment; the tasks as numbers by state. */
    private record Look(boolean up, boolean ended, String tasks, @Nullable String failure) {}

    private Look look(String job) throws InterruptedException {
        JsonNode details = cluster.poll("/jobs/" + job);
        String state = details.path("state").asText();
        Map<String, Integer> tasks = new LinkedHashMap<>();
        details.path("status-counts").fields().forEachRemaining(count -> {
            if (count.getValue().asInt() > 0) {
                tasks.put(count.getKey(), count.getValue().asInt());
            }
        });
        int all = 0;
        boolean running = true;
        for (JsonNode vertex : details.path("vertices")) {
            int instances = vertex.path("parallelism").asInt();
            all += instances;
            running &= instances > 0 && vertex.path("tasks").path("RUNNING").asInt() == instances;
        }
        boolean ended = List.of("FINISHED", "CANCELED", "FAILED").contains(state);
        boolean up = state.equals("RUNNING") && running && all > 0;
        return new Look(up, ended, tasks.toString(), failure(job, state, ended));
    }

    private @Nullable String failure(String job, String state, boolean ended) throws InterruptedException {
        JsonNode failures = cluster.poll("/jobs/" + job + "/exceptions?maxExceptions=1")
                .path("exceptionHistory")
                .path("entries");
        if (!failures.isEmpty()) {
            return FlinkFailure.reason(failures.get(0).path("stacktrace").asText());
        }
        return ended ? "it ended as " + state : null;
    }

    static void pause() throws InterruptedException {
        Pause.of(BETWEEN_LOOKS);
    }
}
