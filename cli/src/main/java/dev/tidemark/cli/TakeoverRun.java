package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.Pause;
import dev.tidemark.jobs.audit.Agreement;
import dev.tidemark.jobs.audit.Audit;
import dev.tidemark.jobs.audit.AuditResult;
import dev.tidemark.jobs.takeover.JobProgress;
import dev.tidemark.jobs.takeover.JobViews;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.Takeover;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One takeover, step by step: the version's job runs, it has caught up, its rows are right, and only then it is made the current one. */
final class TakeoverRun {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Plan plan;
    private final Stores stores;
    private final TakeoverOutput output;

    TakeoverRun(Plan plan, Stores stores, TakeoverOutput output) {
        this.plan = plan;
        this.stores = stores;
        this.output = output;
    }

    /**
     * What is to be done.
     *
     * @param definitions all of the registry
     * @param from the current version
     * @param to the one that is to take over
     * @param entities how many are compared; {@link Integer#MAX_VALUE} for all
     * @param timeout how long its job may take to catch up
     * @param patience how long to look again at what differs
     * @param force whether to leave out both
     * @param cluster where its job is expected to run; empty if that is not looked at
     */
    record Plan(
            Definitions definitions,
            FeatureView from,
            FeatureView to,
            String kafka,
            int entities,
            long seed,
            Duration timeout,
            Duration patience,
            boolean force,
            Optional<FlinkRest> cluster) {}

    /** Where rows and versions are. */
    record Stores(Registry registry, OnlineStore online, HistoryStore history) {}

    /** @return the exit code */
    int run() throws JobSetupException, InterruptedException {
        output.begin(plan.from(), plan.to());
        if (plan.force()) {
            output.forced(plan.to(), howFar());
            takeOver(null);
            return 0;
        }
        List<String> together = runningTogether();
        // Before a long wait that would be in vain.
        Audit.checkLog(plan.kafka(), plan.to().source());
        JobProgress.State state = await();
        if (!state.caughtUp()) {
            output.behind(plan.to(), state);
            return AuditOutput.BEHIND;
        }
        AuditResult result = audit(together.isEmpty() ? state.views() : together);
        if (AuditOutput.exitCode(result) != 0) {
            output.refusal(
                    plan.to().id() + " does not take over; " + plan.from().id() + " stays current.");
            return AuditOutput.exitCode(result);
        }
        compare(result);
        takeOver(new Takeover.Proof(
                result.offsets(),
                result.entities(),
                result.events(),
                result.rows(),
                result.mismatches(),
                result.unsettled(),
                plan.seed()));
        return 0;
    }

    private void takeOver(Takeover.@Nullable Proof proof) {
        int from = plan.from().version();
        int to = plan.to().version();
        String by = System.getProperty("user.name", "unknown");
        output.certificate(stores.registry().takeOver(plan.to().name(), from, to, by, proof));
    }

    /** Said before a version is forced to take over; null if nobody can say, which does not keep it from that. */
    private JobProgress.@Nullable State howFar() throws InterruptedException {
        try (JobProgress progress = JobProgress.open(plan.kafka(), plan.to())) {
            return progress.look();
        } catch (JobSetupException e) {
            output.note(String.join("\n", e.problems()));
            return null;
        }
    }

    /**
     * The ids of the views that the version's job computes; empty if the cluster is not known.
     *
     * @throws UserException if no such job runs: one that has read the log to its end and then stopped would leave the view standing
     *     still
     */
    private List<String> runningTogether() throws InterruptedException {
        if (plan.cluster().isEmpty()) {
            output.note("Whether the job of " + plan.to().id() + " runs is not looked at: no --cluster was given.");
            return List.of();
        }
        FlinkRest cluster = plan.cluster().get();
        for (ClusterJob job : ClusterJob.list(cluster)) {
            if (job.state().equals("RUNNING")
                    && job.setup().views().contains(plan.to().id())) {
                return job.setup().views();
            }
        }
        throw new UserException("No job that runs on the cluster at " + cluster + " computes "
                + plan.to().id()
                + ". Start it with './tidemark submit --view " + plan.to().id()
                + " --from earliest', or take over without it by --force.");
    }

    /** Waits until the job has read what the log has now. */
    private JobProgress.State await() throws JobSetupException, InterruptedException {
        try (JobProgress progress = JobProgress.open(plan.kafka(), plan.to())) {
            long start = System.nanoTime();
            JobProgress.State state = progress.look();
            ProgressBar bar = output.progress(state.total(), state.done(), start);
            while (!state.caughtUp()
                    && System.nanoTime() - start < plan.timeout().toNanos()) {
                bar.show(state.done(), System.nanoTime());
                Pause.of(BETWEEN_LOOKS);
                state = progress.look();
            }
            bar.show(state.done(), System.nanoTime());
            bar.leave();
            return state;
        }
    }

    /** @param together the ids of all views of the version's job */
    private AuditResult audit(List<String> together) throws JobSetupException, InterruptedException {
        List<FeatureView> beside = JobViews.beside(plan.to(), together, plan.definitions());
        List<FeatureView> audited = List.of(plan.to());
        AuditOutput differences = output.audit();
        AuditResult result = new Audit(
                        stores.online(),
                        stores.history(),
                        new Audit.Options(plan.kafka(), plan.entities(), plan.seed(), plan.patience()))
                .run(audited, beside, difference -> differences.difference(audited, difference));
        if (AuditOutput.exitCode(result) != 0) {
            differences.result(result);
        }
        return result;
    }

    private void compare(AuditResult result) {
        Agreement agreement =
                Agreement.of(plan.from(), plan.to(), stores.history(), plan.entities(), plan.seed(), result.settled());
        output.agreement(plan.from(), plan.to(), agreement);
    }
}
