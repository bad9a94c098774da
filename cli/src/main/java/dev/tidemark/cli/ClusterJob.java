package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.jobs.JobParameters;
import dev.tidemark.jobs.JobSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job as a cluster lists it.
 *
 * @param state Flink's word for it, such as RUNNING
 * @param running how many of its tasks run
 * @param tasks how many it has
 * @param setup how it was started
 */
record ClusterJob(String id, String name, String state, Instant start, int running, int tasks, Setup setup) {
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    /**
     * How a job was started.
     *
     * @param views the ids of its views; empty if it is none of ours
     * @param definitions packed; null if it is none of ours
     * @param jar the id of its uploaded jar; null if it was started in another way
     * @param parallelism at least 1; null if the job does not say, or left it to the cluster
     * @param settings the usual ones if it does not say
     */
    record Setup(
            List<String> views,
            @Nullable String definitions,
            @Nullable String jar,
            @Nullable Integer parallelism,
            JobSettings settings) {}

    boolean ended() {
        return ENDED.contains(state);
    }

    /** All jobs of a cluster, ended ones that it still remembers among them. */
    static List<ClusterJob> list(FlinkRest cluster) throws InterruptedException {
        List<ClusterJob> jobs = new ArrayList<>();
        for (JsonNode job : cluster.get("/jobs/overview").path("jobs")) {
            jobs.add(new ClusterJob(
                    job.path("jid").asText(),
                    job.path("name").asText(),
                    job.path("state").asText(),
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    job.path("tasks").path("running").asInt(),
                    job.path("tasks").path("total").asInt(),
                    setup(cluster, job.path("jid").asText())));
        }
        return jobs;
    }

    /**
     * The job that a person means.
     *
     * @param wanted an id, the beginning of one, or a name
     * @throws UserException if no job that has not ended is called so, or several are
     */
    static ClusterJob find(FlinkRest cluster, String wanted) throws InterruptedException {
        List<ClusterJob> live =
                list(cluster).stream().filter(job -> !job.ended()).toList();
        List<ClusterJob> found = live.stream()
                .filter(job -> job.id.startsWith(wanted) || job.name.equals(wanted))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new UserException((found.isEmpty() ? "No job that runs" : "More than one job")
                + " on the cluster at " + cluster + " is called " + wanted + ". Give the id of one of these: "
                + (found.isEmpty() ? live : found).stream().map(ClusterJob::id).toList() + ".");
    }

    private static Setup setup(FlinkRest cluster, String id) throws InterruptedException {
        JsonNode config = cluster.get("/jobs/" + id + "/config").path("execution-config");
        JsonNode parameters = config.path("user-config");
        String views = parameters.path(JobParameters.VIEWS).asText("");
        int parallelism = config.path("job-parallelism").asInt();
        return new Setup(
                Stream.of(views.split(",")).filter(view -> !view.isEmpty()).toList(),
                parameters.path(JobParameters.DEFINITIONS).asText(null),
                parameters.path(JobParameters.JAR).asText(null),
                parallelism > 0 ? parallelism : null,
                JobParameters.settings(name -> parameters.path(name).asText(null)));
    }
}
