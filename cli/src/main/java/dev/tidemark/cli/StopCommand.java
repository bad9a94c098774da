package dev.tidemark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "stop",
        description = "Stop a job with a savepoint and print its path; 'submit --savepoint' goes on from there.",
        mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private SavepointOptions options = new SavepointOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        FlinkRest rest = cluster.rest();
        String path = options.savepoint(rest).takeAndStop(options.job(rest).id());
        spec.commandLine().getOut().println(path);
        return 0;
    }
}
