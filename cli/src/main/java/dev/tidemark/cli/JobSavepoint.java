package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Savepoints of jobs, with and without stopping them. */
final class JobSavepoint {
    private final FlinkRest cluster;
    private final @Nullable String directory;

    /** @param directory where the cluster is to write, as it sees it; null for its own setting */
    JobSavepoint(FlinkRest cluster, @Nullable String directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /**
     * Takes a savepoint of a job, which goes on, and returns its path.
     *
     * @throws ClusterException if none could be taken
     */
    String take(String job) throws InterruptedException {
        return await(job, "savepoint", begin(job, "/savepoints", "target-directory"));
    }

    /**
     * Stops a job with a savepoint and returns its path when the job has ended.
     *
     * @throws ClusterException if none could be taken, and the job goes on; or if that is not certain, which the message says
     */
    String takeAndStop(String job) throws InterruptedException {
        String path = await(job, "stop", begin(job, "/stop", "targetDirectory"));
        try {
            new JobLaunch(cluster).awaitEnd(job);
        } catch (ClusterException e) {
            throw new ClusterException(
                    e.getMessage() + "\nJob " + job + " is stopping with the savepoint " + path + ".");
        }
        return path;
    }

    /** An answer that gets lost does not say that nothing was begun. */
    private JsonNode begin(String job, String request, String directoryField) throws InterruptedException {
        try {
            return cluster.post("/jobs/" + job + request, body(directoryField));
        } catch (UserException e) {
            throw uncertain(e, job, "may have been begun");
        }
    }

    private static ClusterException uncertain(RuntimeException e, String job, String how) {
        return new ClusterException(
                e.getMessage() + "\nThe savepoint of job " + job + " " + how
                        + ". './tidemark jobs --all' shows whether the job runs, and the cluster's web interface the savepoint.");
    }

    private Map<String, Object> body(String directoryField) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (directory != null) {
            body.put(directoryField, directory);
        }
        // The format that another release, another state backend and another parallelism can read.
        body.put("formatType", "CANONICAL");
        return body;
    }

    private String await(String job, String what, JsonNode trigger) throws InterruptedException {
        String request =
                "/jobs/" + job + "/savepoints/" + trigger.path("request-id").asText();
        while (true) {
            JsonNode answer = look(job, request);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                return location(job, what, answer.path("operation"));
            }
            JobLaunch.pause();
        }
    }

    private JsonNode look(String job, String request) throws InterruptedException {
        try {
            return cluster.poll(request);
        } catch (ClusterException e) {
            throw uncertain(e, job, "was begun");
        }
    }

    private String location(String job, String what, JsonNode operation) {
        if (operation.hasNonNull("location")) {
            return operation.path("location").asText();
        }
        throw new ClusterException("The Flink cluster at " + cluster + " could not take a savepoint to " + what
                + " job "
                + job + ": "
                + FlinkFailure.reason(
                        operation.path("failure-cause").path("stack-trace").asText())
                + "\nThe job was left as it is. './tidemark jobs' shows its state.");
    }
}
