package dev.tidemark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "savepoint",
        description = "Take a savepoint of a job, which goes on, and print its path.",
        mixinStandardHelpOptions = true)
final class SavepointCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private SavepointOptions options = new SavepointOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        FlinkRest rest = cluster.rest();
        String path = options.savepoint(rest).take(options.job(rest).id());
        spec.commandLine().getOut().println(path);
        return 0;
    }
}
