package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.JobSettings;
import dev.tidemark.jobs.JobSettingsOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description =
                "Everything on this machine: Kafka, Flink, Postgres, Redis and the feature server, with events flowing.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    static final int DEFAULT_PORT = 6566;

    private static final int PAYMENTS_PER_SECOND = 250;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "Replay a file of JSON lines (.jsonl or .jsonl.gz), shifted in time so that it ends now."
                    + " It feeds the wiki example, or the single source of --defs."
                    + " Without it: payments, generated at the present time.")
    private @Nullable Path events;

    @Option(names = "--defs", paramLabel = "DIR", description = "Definitions of your own; they need --events.")
    private @Nullable Path definitions;

    @Option(names = "--as-is", description = "With --events: leave the times of the events as they are.")
    private boolean asIs;

    @Option(names = "--for", paramLabel = "DURATION", description = "End after this time, for example 60s.")
    private @Nullable Duration duration;

    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "The feature server's port; 0 for any that is free. Default: 6566, or a free one if that is taken.")
    private @Nullable Integer port;

    @Option(names = "--rate", paramLabel = "N", description = "Generated payments a second. Default: ${DEFAULT-VALUE}.")
    private int rate = PAYMENTS_PER_SECOND;

    @Option(
            names = "--audit",
            description =
                    "Before the end, compute everything again from the log and compare both stores with it, bit for bit;"
                            + " exit code 1 if anything differs.")
    private boolean audit;

    @Mixin
    private JobSettingsOptions settings = new JobSettingsOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (definitions != null && events == null) {
            throw new UserException("--defs needs --events: events are generated for the payments example only.");
        }
        if (rate < 1) {
            throw new UserException("--rate is " + rate + "; it takes a number from 1 on.");
        }
        JobSettings chosen = settings.or(JobSettings.DEFAULT);
        if (!chosen.problems().isEmpty()) {
            throw new UserException(String.join("\n", chosen.problems()));
        }
        Path directory =
                definitions != null ? definitions : DefinitionFiles.example(events == null ? "payments" : "wiki");
        Definitions defs = DefinitionFiles.read(directory);
        if (defs.views().isEmpty()) {
            throw new UserException(
                    "The definitions in " + directory + " hold no feature view: nothing would be computed.");
        }
        Source source = onlySource(defs, directory);
        EventFeed feed = events == null
                ? new GeneratedPayments(rate, System.nanoTime(), Clock.systemUTC())
                : new ReplayedFile(events, source, asIs ? null : Clock.systemUTC());
        int servingPort = ServingPort.choose(port);
        PrintWriter out = spec.commandLine().getOut();
        try (Demo demo = Demo.start(defs, source, chosen, servingPort, out)) {
            return demo.run(feed, duration, audit);
        } catch (CancellationException e) {
            out.println(e.getMessage());
            return 0;
        }
    }

    private static Source onlySource(Definitions definitions, Path directory) {
        List<Source> sources = definitions.sources();
        if (sources.size() != 1) {
            throw new UserException("The demo feeds one source, but the definitions in " + directory + " have "
                    + sources.size() + ": " + sources.stream().map(Source::name).toList() + ".");
        }
        return sources.get(0);
    }
}
