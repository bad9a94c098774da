package dev.tidemark.cli;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.audit.AuditResult;
import dev.tidemark.jobs.audit.ContinuousAudit;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.PostgresException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Audits round after round until it is told to end. A store that is away, or a full disk, spoils a round and nothing more. */
final class AuditRounds {
    private final ContinuousAudit audit;
    private final Views views;
    private final AuditOutput output;
    private final PrintWriter out;
    private long mismatches;

    AuditRounds(ContinuousAudit audit, Views views, AuditOutput output, PrintWriter out) {
        this.audit = audit;
        this.views = views;
        this.output = output;
        this.out = out;
    }

    /** What is audited, as it is now. */
    @FunctionalInterface
    interface Views {
        List<FeatureView> get() throws InvalidDefinitionsException;
    }

    /**
     * Runs.
     *
     * @param every how long after the beginning of a round the next one begins, if it is done by then
     * @return how a command ends that did this
     */
    int run(Duration every, StopSignal stop, AuditMetrics metrics)
            throws InvalidDefinitionsException, InterruptedException {
        for (int round = 1; !stop.wished(); round++) {
            long start = System.nanoTime();
            try {
                round(round, metrics);
            } catch (PostgresException | OnlineStoreException | JobSetupException e) {
                metrics.failure();
                say("round=" + round + " could not be finished: " + e.getMessage());
            }
            Duration left = every.minusNanos(System.nanoTime() - start);
            if (stop.await(left.isNegative() ? Duration.ZERO : left)) {
                break;
            }
        }
        say("mismatches=" + mismatches);
        return mismatches > 0 ? Failures.FAILED : 0;
    }

    private void round(int number, AuditMetrics metrics)
            throws InvalidDefinitionsException, JobSetupException, InterruptedException {
        List<FeatureView> audited = views.get();
        audit.round(
                audited,
                difference -> {
                    // What is printed counts, whether or not the round comes to its end.
                    mismatches++;
                    metrics.mismatch(difference.view());
                    output.difference(audited, difference);
                },
                (view, round) -> {
                    metrics.seen(view, round);
                    AuditResult result = round.result();
                    say("round=" + number + " view=" + view + " entities=" + result.entities() + " rows="
                            + result.rows()
                            + " unsettled=" + result.unsettled() + " mismatches=" + result.mismatches() + " coverage="
                            + Math.round(round.coverage() * 100) + "%");
                });
        metrics.finished(Instant.now());
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
