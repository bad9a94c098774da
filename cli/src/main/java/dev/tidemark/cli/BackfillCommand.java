package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.SetupCheck;
import dev.tidemark.jobs.backfill.BackfillRange;
import dev.tidemark.jobs.backfill.LogBound;
import dev.tidemark.jobs.kafka.KafkaTopics;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.RegistryConflictException;
import java.nio.file.Path;
import java.time.Duration;
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
        name = "backfill",
        description = "Compute the history of a view from its log, beside the live job and without touching its rows.",
        mixinStandardHelpOptions = true)
final class BackfillCommand implements Callable<Integer> {
    @Option(
            names = "--view",
            required = true,
            paramLabel = "VIEW",
            description = "The view, as NAME for its current version or as NAME@VERSION.")
    private String view = "";

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            defaultValue = "earliest",
            description = "Which events count first: earliest (the default), an event time such as"
                    + " 2024-05-01T00:00:00Z, or topic:partition:offset,... for every partition.")
    private String from = "earliest";

    @Option(
            names = "--to",
            paramLabel = "POSITION",
            defaultValue = "latest",
            description =
                    "Where to end: latest (the default), which is the end of the log when the backfill is planned,"
                            + " an instant, or topic:partition:offset,... which are no longer read.")
    private String to = "latest";

    @Option(
            names = "--range-only",
            description = "Write only the rows that begin in [from, to), as they are in the history of the whole log."
                    + " Takes instants.")
    private boolean rangeOnly;

    @Option(
            names = "--drain",
            description =
                    "Write also the rows of the tails that leave after the end, as though no event followed; not with"
                            + " --range-only up to an instant.")
    private boolean drain;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--postgres",
            required = true,
            paramLabel = "JDBC_URL",
            description = "The database of the registry and the history; user and password may come from"
                    + " TIDEMARK_POSTGRES_USER and TIDEMARK_POSTGRES_PASSWORD.")
    private String postgres = "";

    @Option(
            names = "--defs",
            paramLabel = "DIR",
            description = "Read the definitions below a directory, and apply them to the registry. Default: those in"
                    + " the registry.")
    private @Nullable Path directory;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many threads compute the view. Default: one for each processor.")
    private int parallelism = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How much work an interruption costs. Default: ${DEFAULT-VALUE}.")
    private Duration checkpoints = Duration.ofSeconds(10);

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = ".tidemark/backfill",
            description = "Where to keep what is needed to go on after an interruption. Default: ${DEFAULT-VALUE}.")
    private Path state = Path.of(".tidemark", "backfill");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        try {
            BackfillRange range = range();
            check();
            BackfillRun.Target target = target();
            return new BackfillRun(target, range, state, spec.commandLine().getOut()).run(parallelism, checkpoints);
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        } catch (RegistryConflictException | PostgresException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private BackfillRange range() throws JobSetupException {
        BackfillRange range =
                new BackfillRange(bound("--from", from, "earliest"), bound("--to", to, "latest"), rangeOnly, drain);
        range.check();
        return range;
    }

    private static LogBound bound(String option, String text, String open) {
        try {
            return LogBound.parse(text, open);
        } catch (IllegalArgumentException e) {
            throw new UserException(option + ": " + e.getMessage());
        }
    }

    private void check() {
        if (parallelism < 1) {
            throw new UserException("--parallelism is " + parallelism + ", but must be at least 1.");
        }
        try {
            Postgres.checkUrl(postgres);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private BackfillRun.Target target() throws InvalidDefinitionsException, JobSetupException {
        Definitions wanted = directory == null ? null : DefinitionFiles.read(directory);
        try (Postgres database = PostgresLogin.connect(postgres)) {
            Registry registry = Registry.open(database);
            if (wanted != null) {
                // What is in the registry stays there, so nothing may get there that cannot be computed.
                new KafkaTopics(kafka.brokers())
                        .check(List.of(chosen(wanted).source().topic()));
                registry.apply(wanted);
            }
            Definitions registered = registry.load();
            Definitions definitions = wanted == null ? registered : wanted;
            return new BackfillRun.Target(
                    definitions,
                    registered,
                    chosen(definitions),
                    kafka.brokers(),
                    postgres,
                    PostgresLogin.user(),
                    PostgresLogin.password());
        }
    }

    private FeatureView chosen(Definitions definitions) {
        int at = view.indexOf('@');
        Optional<FeatureView> found = at < 0
                ? definitions.view(view)
                : definitions.views().stream()
                        .filter(one -> one.id().equals(view))
                        .findFirst();
        FeatureView chosen = found.orElseThrow(() -> new UserException("There is no view " + view + ". There are: "
                + String.join(
                        ", ", definitions.views().stream().map(FeatureView::id).toList()) + "."));
        List<String> problems = SetupCheck.unsupported(
                new Definitions(List.of(chosen.source()), List.of(), List.of(chosen), List.of(), List.of()));
        if (!problems.isEmpty()) {
            throw new UserException(String.join("\n", problems));
        }
        return chosen;
    }
}
