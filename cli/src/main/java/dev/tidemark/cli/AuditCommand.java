package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.audit.Audit;
import dev.tidemark.jobs.audit.AuditResult;
import dev.tidemark.jobs.audit.ContinuousAudit;
import dev.tidemark.jobs.takeover.JobViews;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        description = "Compare the online store with the history, and both with the log, bit for bit.",
        footer = {
            "",
            "Exit codes: 0 all is the same; 1 something differs; 2 it cannot be done so;",
            "3 nothing differs, but the job is behind the log."
        },
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private static final int DEFAULT_ENTITIES = 1_000;

    @Mixin
    private StoreOptions stores = new StoreOptions();

    @Mixin
    private ViewOptions viewOptions = new ViewOptions();

    @ArgGroup
    private @Nullable Extent extent;

    @Mixin
    private ProofOptions proof = new ProofOptions();

    @Option(
            names = "--replay",
            description =
                    "Compute all rows again from the log, up to its present end, and compare both stores with them.")
    private boolean replay;

    @Option(
            names = "--continuous",
            description = "Go on with other entities, round after round, until told to end; not with --replay.")
    private boolean continuous;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "With --continuous: from one round to the next. Default: ${DEFAULT-VALUE}.")
    private Duration every = Duration.ofSeconds(30);

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "With --continuous: where Prometheus finds metrics on the loopback interface, 0 for any free"
                    + " port. Default: ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Option(names = "--json", description = "Write one JSON object a line: the differences, then the counts.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final class Extent {
        @Option(
                names = "--entities",
                paramLabel = "N",
                description = "Audit so many entities of each view. Default: " + DEFAULT_ENTITIES + ".")
        private int entities = DEFAULT_ENTITIES;

        @Option(names = "--all", description = "Audit every entity.")
        private boolean all;

        int number() {
            return all ? Integer.MAX_VALUE : entities;
        }
    }

    @Override
    public Integer call() throws Exception {
        Audit.Options options = options();
        AuditOutput output = AuditOutput.of(json, spec.commandLine().getOut());
        DemoEndpoints endpoints = stores.endpoints();
        try (Postgres database = PostgresLogin.connect(endpoints.postgres());
                RedisOnlineStore online = RedisOnlineStore.connect(endpoints.redis())) {
            PostgresHistoryStore history = new PostgresHistoryStore(database);
            if (continuous) {
                AuditRounds.Views views = () -> viewOptions.views(viewOptions.definitions(database));
                return runContinuously(online, history, options, views, output);
            }
            Definitions definitions = viewOptions.definitions(database);
            Audit audit = new Audit(online, history, options);
            AuditResult result = null;
            for (Job job : jobs(definitions, viewOptions.views(definitions), options.kafka(), database)) {
                AuditResult one =
                        audit.run(job.views(), job.beside(), difference -> output.difference(job.views(), difference));
                result = result == null ? one : result.plus(one);
            }
            output.result(Objects.requireNonNull(result));
            return AuditOutput.exitCode(result);
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        } catch (PostgresException | OnlineStoreException e) {
            // Not to be mistaken for a difference.
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Views of one job.
     *
     * @param views those that are audited
     * @param beside those that decide with them what is refused
     */
    private record Job(List<FeatureView> views, List<FeatureView> beside) {}

    private static Collection<Job> jobs(
            Definitions definitions, List<FeatureView> views, @Nullable String kafka, Postgres database)
            throws JobSetupException, InterruptedException {
        if (kafka == null) {
            return List.of(new Job(views, List.of()));
        }
        Definitions registered = Registry.open(database).load();
        Map<Set<String>, Job> jobs = new LinkedHashMap<>();
        for (FeatureView view : views) {
            List<FeatureView> beside = JobViews.beside(kafka, view, definitions, registered);
            Set<String> together = new TreeSet<>(Set.of(view.id()));
            beside.forEach(other -> together.add(other.id()));
            jobs.computeIfAbsent(together, none -> new Job(new ArrayList<>(), beside))
                    .views()
                    .add(view);
        }
        return jobs.values();
    }

    private int runContinuously(
            OnlineStore online,
            HistoryStore history,
            Audit.Options options,
            AuditRounds.Views views,
            AuditOutput output)
            throws InvalidDefinitionsException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        views.get(); // What is wrong from the beginning is no round that failed.
        StopSignal stop = StopSignal.install();
        try (AuditMetrics metrics = AuditMetrics.listen(metricsPort)) {
            out.println("Metrics are at " + metrics.url());
            out.flush();
            ContinuousAudit audit =
                    new ContinuousAudit(online, history, options.entities(), options.seed(), options.patience());
            return new AuditRounds(audit, views, output, out).run(every, stop, metrics);
        }
    }

    private Audit.Options options() {
        int entities = extent == null ? DEFAULT_ENTITIES : extent.number();
        if (entities < 1) {
            throw new UserException("--entities is " + entities + "; it takes a number from 1 on, or give --all.");
        }
        if (replay && proof.kafka().isEmpty()) {
            throw new UserException("--replay reads the log: give --kafka HOST:PORT, or set TIDEMARK_KAFKA.");
        }
        if (replay && continuous) {
            throw new UserException(
                    "--replay reads the whole log each time, which --continuous cannot do in every round."
                            + " Run audit --replay by itself now and then.");
        }
        return new Audit.Options(replay ? proof.kafka().orElse(null) : null, entities, proof.seed(), proof.patience());
    }
}
