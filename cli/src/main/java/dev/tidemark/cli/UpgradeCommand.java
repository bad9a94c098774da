package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.PackedDefinitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "upgrade",
        description = {
            "Stop a job with a savepoint and go on from it with another jar, other definitions or another parallelism."
                    + " If the new job does not come up, the old one goes on from the same savepoint.",
            "Ends with 0 if the new job runs, 3 if the old one runs again, 2 if nothing was changed, 1 if no job runs."
        },
        mixinStandardHelpOptions = true)
final class UpgradeCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private JobOptions options = new JobOptions();

    @Mixin
    private SavepointOptions savepoint = new SavepointOptions();

    @Option(
            names = "--defs",
            paramLabel = "DIR",
            description = "The directory with the new definitions. Default: those of the job so far.")
    private @Nullable Path definitions;

    @Mixin
    private ChosenViews views = new ChosenViews();

    @Option(
            names = "--drop-removed",
            description = "Let go of the state of views that the new definitions no longer have.")
    private boolean dropRemoved;

    @Option(
            names = "--old-jar",
            paramLabel = "FILE",
            description = "The jar of the job so far, to go back to. Default: the one that was uploaded for it.")
    private @Nullable Path oldJar;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException, InterruptedException {
        options.check();
        if (definitions == null && !views.isEmpty()) {
            throw new UserException("--view chooses among the definitions of --defs DIR. Give that too.");
        }
        FlinkRest rest = cluster.rest();
        Path newJar = options.jar();
        ClusterJob old = savepoint.job(rest);
        Integer parallelism = old.setup().parallelism();
        String same = viewsOnly(old);
        String packed = definitions == null ? same : packed(definitions, old.setup());
        JobLaunch.Order before = new JobLaunch.Order(
                jarBefore(rest, old),
                same,
                options.arguments(parallelism, old.setup().settings()),
                null,
                false);
        JobLaunch.Order after = new JobLaunch.Order(
                rest.upload(newJar),
                packed,
                options.arguments(
                        options.parallelismOr(parallelism),
                        options.settingsOr(old.setup().settings())),
                null,
                dropRemoved);
        // The savepoint is yet to be taken; that there will be one is what counts.
        new JobLaunch(rest).check(after.from("of job " + old.id()));
        return new Upgrade(
                        rest,
                        savepoint.savepoint(rest),
                        options.timeout(),
                        options.watch(),
                        spec.commandLine().getOut())
                .run(old.id(), before, after);
    }

    /** What the job was started with, without services: they are the registry's, and may have changed since. */
    private static String viewsOnly(ClusterJob old) throws InvalidDefinitionsException {
        String packed = old.setup().definitions();
        if (packed == null) {
            throw new UserException(
                    "Job " + old.id() + " does not say which definitions it was started with: it is none"
                            + " of ours, or of an older release. Stop it and submit the new one.");
        }
        try {
            return PackedDefinitions.viewsOnly(packed);
        } catch (IOException e) {
            throw new UserException("Job " + old.id() + " says in a way that cannot be read which definitions it was"
                    + " started with: " + e.getMessage());
        }
    }

    private String packed(Path directory, ClusterJob.Setup old) throws InvalidDefinitionsException {
        Definitions defs = views.of(directory);
        List<String> kept = defs.views().stream().map(FeatureView::id).toList();
        List<String> added =
                kept.stream().filter(view -> !old.views().contains(view)).toList();
        if (!added.isEmpty()) {
            throw new UserException("The job does not compute " + String.join(", ", added)
                    + ", which would begin in the middle of the log and lack all events before. Start it beside the job"
                    + " with './tidemark submit --view " + added.get(0)
                    + "', and choose here the views of the job with --view.");
        }
        List<String> removed =
                old.views().stream().filter(view -> !kept.contains(view)).toList();
        if (!removed.isEmpty() && !dropRemoved) {
            throw new UserException("The definitions in " + directory + " no longer have " + String.join(", ", removed)
                    + ", which the job computes. Add them, or let their state go with --drop-removed.");
        }
        return PackedDefinitions.pack(defs);
    }

    /** Looked for before anything is stopped: without it there is no way back. */
    private String jarBefore(FlinkRest rest, ClusterJob old) throws InterruptedException {
        if (oldJar != null) {
            return rest.upload(JobOptions.existing(oldJar));
        }
        String jar = old.setup().jar();
        boolean there = false;
        for (var file : rest.get("/jars").path("files")) {
            there |= file.path("id").asText().equals(jar);
        }
        if (jar == null || !there) {
            throw new UserException("The cluster at " + rest + " no longer holds the jar of job " + old.id()
                    + ", so there would be no way back. Give that jar with --old-jar FILE.");
        }
        return jar;
    }
}
