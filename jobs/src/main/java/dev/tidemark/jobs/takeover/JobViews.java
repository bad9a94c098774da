package dev.tidemark.jobs.takeover;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which views a job computes beside a view from its source. What one of them refuses is an event for none, so together they decide
 * what counts, and with it the verdicts on late events.
 */
public final class JobViews {
    private JobViews() {}

    /**
     * Those of the view's job, as the consumer group says under which it commits.
     *
     * @param definitions of which all views of the source count as long as no job of the view has taken a checkpoint
     * @param registered in which the views of a job are, wherever the view itself comes from
     * @throws JobSetupException if the brokers do not answer, or the job computes a view that is not registered
     * @throws InterruptedException if the thread is interrupted
     */
    public static List<FeatureView> beside(
            String bootstrap, FeatureView view, Definitions definitions, Definitions registered)
            throws JobSetupException, InterruptedException {
        try (JobProgress progress = JobProgress.open(bootstrap, view)) {
            List<String> together = progress.look().views();
            return together.isEmpty() ? ofSource(view, definitions) : beside(view, together, registered);
        }
    }

    /**
     * Those of a job that is known.
     *
     * @param together the ids of all views of the job
     * @throws JobSetupException if one is not registered
     */
    public static List<FeatureView> beside(FeatureView view, List<String> together, Definitions registered)
            throws JobSetupException {
        List<FeatureView> beside = new ArrayList<>();
        for (String id : together) {
            if (!id.equals(view.id())) {
                beside.add(registered.views().stream()
                        .filter(other -> other.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> unknown(view, id)));
            }
        }
        return beside;
    }

    static List<FeatureView> ofSource(FeatureView view, Definitions definitions) {
        return definitions.views().stream()
                .filter(other -> other.source().name().equals(view.source().name()))
                .filter(other -> !other.id().equals(view.id()))
                .toList();
    }

    private static JobSetupException unknown(FeatureView view, String id) {
        return new JobSetupException(List.of("The job of " + view.id() + " computes " + id
                + " as well, which is not in the registry, so nobody can tell which records it refuses."
                + " Apply the definitions of " + id + " with './tidemark apply'."));
    }
}
