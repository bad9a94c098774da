package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.backfill.BackfillDirectory;
import dev.tidemark.jobs.backfill.BackfillJob;
import dev.tidemark.jobs.backfill.BackfillPlan;
import dev.tidemark.jobs.backfill.BackfillPlanner;
import dev.tidemark.jobs.backfill.BackfillRange;
import dev.tidemark.jobs.sink.HistorySink;
import dev.tidemark.jobs.takeover.JobViews;
import dev.tidemark.stores.Postgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/** One start of a backfill: plans it or takes up its plan, runs its job, shows how far it is, and sums up. */
final class BackfillRun {
    /** As a shell says it of a program that Ctrl-C ended. */
    static final int INTERRUPTED = 130;

    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final Target target;
    private final BackfillRange range;
    private final Path state;
    private final PrintWriter out;

    /**
     * A start that is not made yet.
     *
     * @param state the directory in which all backfills keep what they need to go on
     */
    BackfillRun(Target target, BackfillRange range, Path state, PrintWriter out) {
        this.target = target;
        this.range = range;
        this.state = state;
        this.out = out;
    }

    /**
     * What is computed, from where, to where.
     *
     * @param registered all definitions that the registry has
     */
    record Target(
            Definitions definitions,
            Definitions registered,
            FeatureView view,
            String kafka,
            String postgres,
            @Nullable String user,
            @Nullable String password) {
        /**
         * Without the password, and without what others may add to the registry: of the definitions, the view and what it uses.
         * The views beside it are in the plan.
         */
        @Override
        public String toString() {
            List<String> documents = definitions.only(List.of(view)).documents().stream()
                    .map(Definitions.Document::json)
                    .sorted()
                    .toList();
            return String.join("\n", view.id(), kafka, Postgres.withoutSecrets(postgres), documents.toString());
        }
    }

    /** @return the exit code */
    int run(int parallelism, Duration checkpoints) throws JobSetupException, IOException, InterruptedException {
        StopSignal stop = StopSignal.install();
        try (BackfillDirectory directory = BackfillDirectory.open(state.resolve(name()))) {
            BackfillPlan plan = plan(directory);
            BackfillMetrics.reset();
            BackfillJob job = new BackfillJob(
                    target.registered(),
                    target.view(),
                    target.kafka(),
                    HistorySink.connection(target.postgres(), target.user(), target.password()));
            BackfillJob.Running running =
                    new BackfillJob.Running(parallelism, checkpoints, Configuration.fromMap(BackfillMetrics.SETTINGS));
            long started = System.nanoTime();
            boolean ended = follow(job.start(plan, directory, running), plan, stop);
            if (!ended) {
                out.println("Interrupted. The same command goes on from here; to begin anew, delete " + directory.path()
                        + ".");
                out.flush();
                return INTERRUPTED;
            }
            directory.clear();
            summarize(plan, System.nanoTime() - started);
            return 0;
        }
    }

    /** The same arguments and definitions give the same name. */
    private String name() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((target + "\n" + range).getBytes(StandardCharsets.UTF_8));
            return target.view().id() + "-" + HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    private BackfillPlan plan(BackfillDirectory directory) throws JobSetupException, IOException, InterruptedException {
        Optional<BackfillPlan> begun = directory.plan();
        if (begun.isPresent()) {
            out.println("Going on with the backfill of " + target.view().id() + " that was interrupted.");
            return begun.get();
        }
        // Checkpoints without a plan belong to a backfill that has ended.
        directory.clear();
        BackfillPlan plan =
                new BackfillPlanner(target.kafka(), target.view()).plan(range).beside(beside());
        directory.plan(plan);
        out.printf(
                Locale.ROOT,
                "Backfilling %s from %,d offsets of %s.%n",
                target.view().id(),
                plan.offsets(),
                plan.topic());
        String back = range.readsBack(target.view());
        if (!back.isEmpty()) {
            out.println(back);
        }
        if (!plan.beside().isEmpty()) {
            out.println("A record that lacks the join key of one of these is no event, either: "
                    + String.join(", ", plan.beside()) + ".");
        }
        warnOfTheForgotten(plan);
        out.flush();
        return plan;
    }

    /** The ids of the views that the view's job computes beside it: the live rows lack what one of them refuses, and nothing else. */
    private List<String> beside() throws JobSetupException, InterruptedException {
        return JobViews.beside(target.kafka(), target.view(), target.definitions(), target.registered()).stream()
                .map(FeatureView::id)
                .toList();
    }

    private void warnOfTheForgotten(BackfillPlan plan) {
        String forgotten = plan.parts().stream()
                .filter(part -> part.begin() > 0)
                .map(part -> "partition " + part.partition() + " before offset " + part.begin())
                .collect(Collectors.joining(", "));
        if (!forgotten.isEmpty()) {
            out.println("Kafka no longer has " + forgotten + ": rows whose windows reach there, and the verdict on"
                    + " lateness at the beginning, are those of what is left. Rows of the live job stay as they are.");
        }
    }

    /** Whether the job came to its end; if not, its end was wished for. */
    private boolean follow(JobClient job, BackfillPlan plan, StopSignal stop) throws IOException, InterruptedException {
        CompletableFuture<JobExecutionResult> result = job.getJobExecutionResult();
        ProgressBar bar = null;
        while (!result.isDone() && !stop.await(REFRESH)) {
            long done = BackfillMetrics.offsetsDone().orElse(-1);
            if (done >= 0) {
                bar = bar == null
                        ? new ProgressBar(out, ProgressBar.onTerminal(), plan.offsets(), done, System.nanoTime())
                        : bar;
                bar.show(done, System.nanoTime());
            }
        }
        if (bar != null) {
            bar.leave();
        }
        if (!result.isDone()) {
            job.cancel();
        }
        return ended(result, stop);
    }

    private static boolean ended(CompletableFuture<JobExecutionResult> result, StopSignal stop)
            throws IOException, InterruptedException {
        try {
            result.get();
            return true;
        } catch (ExecutionException e) {
            if (stop.wished()) {
                return false;
            }
            throw new IOException(
                    "The backfill stopped. The same command goes on from its last checkpoint once this is mended: "
                            + reason(e),
                    e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void summarize(BackfillPlan plan, long nanos) {
        out.println("Covered " + plan.topic() + ": "
                + plan.parts().stream()
                        .map(part -> "partition " + part.partition() + " offsets " + part.start() + " to " + part.end())
                        .collect(Collectors.joining(", "))
                + " (the last not included).");
        out.printf(
                Locale.ROOT,
                "events=%d refused=%d rows=%d seconds=%.1f%n",
                BackfillMetrics.count("eventsAccepted"),
                BackfillMetrics.count("deadLetters"),
                BackfillMetrics.count("rowsWritten"),
                nanos / 1e9);
        out.flush();
    }
}
