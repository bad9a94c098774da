package dev.tidemark.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "savepoint",
        description = "Take a savepoint of a job, which goes on, and print its path.",
        mixinStandardHelpOptions = true)
final class SavepointCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(index = "0", paramLabel = "JOB", description = "Its id, the beginning of it, or its name.")
    private String job = "";

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where the cluster writes it, as the cluster sees it. Default: the cluster's setting.")
    private @Nullable String directory;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        FlinkRest rest = cluster.rest();
        String path = new JobSavepoint(rest, directory)
                .take(ClusterJob.find(rest, job).id());
        spec.commandLine().getOut().println(path);
        return 0;
    }
}
