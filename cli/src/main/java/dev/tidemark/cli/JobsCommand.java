package dev.tidemark.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "jobs",
        description = "The jobs of a Flink cluster, with their state and views.",
        mixinStandardHelpOptions = true)
final class JobsCommand implements Callable<Integer> {
    private static final String LINE = "%-32s  %-10s  %-7s  %-20s  %-10s  %s%n";

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--all", description = "Also those that have ended, as far as the cluster remembers them.")
    private boolean all;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        List<ClusterJob> jobs = ClusterJob.list(cluster.rest()).stream()
                .filter(job -> all || !job.ended())
                .sorted(Comparator.comparing(ClusterJob::start))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(LINE, "JOB", "STATE", "TASKS", "SINCE", "NAME", "VIEWS");
        for (ClusterJob job : jobs) {
            out.printf(
                    LINE,
                    job.id(),
                    job.state(),
                    job.running() + "/" + job.tasks(),
                    job.start().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                    job.name(),
                    String.join(" ", job.setup().views()));
        }
        out.flush();
        return 0;
    }
}
