package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.PackedDefinitions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "submit",
        description =
                "Start a job on a Flink cluster: uploads the jar, applies the definitions, waits until all tasks run.",
        mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private JobOptions options = new JobOptions();

    @Option(names = "--defs", paramLabel = "DIR", required = true, description = "The directory with the definitions.")
    private Path definitions = Path.of(".");

    @Mixin
    private ChosenViews views = new ChosenViews();

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            description =
                    "Where to start in Kafka without a savepoint: earliest (the default, if no job for the same views"
                            + " has read the topics), latest, or committed, where that one stopped, with empty windows.")
    private @Nullable String from;

    @Option(names = "--savepoint", paramLabel = "PATH", description = "Go on from a savepoint, as 'stop' printed it.")
    private @Nullable String savepoint;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException, InterruptedException {
        options.check();
        Definitions defs = views.of(definitions);
        FlinkRest rest = cluster.rest();
        refuseToDoubleViews(defs, rest);
        PrintWriter out = spec.commandLine().getOut();
        List<String> arguments = new ArrayList<>(options.arguments());
        if (from != null) {
            arguments.addAll(List.of("--from", from));
        }
        JobLaunch launch = new JobLaunch(rest);
        String jar = rest.upload(options.jar());
        JobLaunch.Order order = new JobLaunch.Order(jar, PackedDefinitions.pack(defs), arguments, savepoint, false);
        launch.check(order);
        String job = JobLaunch.newId();
        launch.start(job, order);
        out.println("Job " + job + " is submitted to " + rest + ".");
        out.flush();
        Optional<String> failure = launch.awaitUp(job, options.timeout(), options.watch());
        if (failure.isPresent()) {
            throw new ClusterException("Job " + job + " did not come up: " + failure.get()
                    + "\nIt was left as it is. './tidemark jobs' shows its state, './tidemark stop' ends it.");
        }
        out.println("All its tasks run, with a parallelism of " + launch.parallelism(job) + ".");
        return 0;
    }

    private static void refuseToDoubleViews(Definitions definitions, FlinkRest rest) throws InterruptedException {
        List<String> wanted = definitions.views().stream().map(FeatureView::id).toList();
        for (ClusterJob job : ClusterJob.list(rest)) {
            List<String> both =
                    job.setup().views().stream().filter(wanted::contains).toList();
            if (!job.ended() && !both.isEmpty()) {
                throw new UserException("Job " + job.id() + " on the cluster at " + rest + " computes "
                        + String.join(", ", both) + " already. Use './tidemark upgrade " + job.id()
                        + "' to change it, or './tidemark stop " + job.id()
                        + "' first; --view starts a job for other views only.");
            }
        }
    }
}
