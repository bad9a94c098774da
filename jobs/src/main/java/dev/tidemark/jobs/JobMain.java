package dev.tidemark.jobs;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.jobs.sink.PostgresDriver;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.RegistryConflictException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The entry class of the cluster jar: reads definitions and starts the job that computes all of their views. */
@Command(
        name = "tidemark-jobs",
        mixinStandardHelpOptions = true,
        description = "Computes the features of all views: events from Kafka, rows to Postgres and Redis.")
public final class JobMain implements Callable<Integer> {
    static final int OK = 0;
    static final int PROBLEM = 2;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private From from;

    @Option(names = "--kafka", required = true, paramLabel = "HOST:PORT", description = "Kafka's brokers.")
    @SuppressWarnings("NullAway.Init")
    private String kafka;

    @Option(
            names = "--postgres",
            required = true,
            paramLabel = "JDBC_URL",
            description = "The database of the registry and the history; user and password may come from"
                    + " TIDEMARK_POSTGRES_USER and TIDEMARK_POSTGRES_PASSWORD.")
    @SuppressWarnings("NullAway.Init")
    private String postgres;

    @Option(names = "--redis", required = true, paramLabel = "URI", description = "The online store.")
    @SuppressWarnings("NullAway.Init")
    private String redis;

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            description = "Where to start without a savepoint: earliest (the default, if no job for the same views has"
                    + " read the topics), latest, or committed, where that one stopped, with empty windows.")
    private KafkaSources.@Nullable StartFrom startFrom;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many instances each operator has; the cluster's default otherwise.")
    private @Nullable Integer parallelism;

    @Mixin
    private JobSettingsOptions settings = new JobSettingsOptions();

    @Option(
            names = "--jar-id",
            paramLabel = "ID",
            description =
                    "The name under which the cluster holds this jar. The job shows it among its parameters, so that"
                            + " 'tidemark upgrade' can go back to it.")
    private @Nullable String jarId;

    /** Where the definitions are. */
    private static final class From {
        @Option(
                names = "--defs",
                paramLabel = "DIR",
                description = "Read the definitions below a directory, and apply them to the registry.")
        private @Nullable Path directory;

        @Option(
                names = "--definitions",
                paramLabel = "TEXT",
                description = "Definitions packed into a text, as 'tidemark submit' passes them; apply them to the"
                        + " registry.")
        private @Nullable String packed;

        @Option(names = "--registry", description = "Take the definitions that were applied to the registry.")
        private boolean registry;
    }

    JobMain() {}

    /**
     * Starts the job. If it cannot start as asked, the process ends with exit code 2 and the problems on standard error.
     *
     * @throws IllegalArgumentException instead of that if the process is not the job's own but a JobManager; it names the problems
     */
    public static void main(String[] args) {
        StringWriter problems = new StringWriter();
        int exitCode = run(new PrintWriter(problems), args);
        if (exitCode == OK) {
            return;
        } else if (!inOwnProcess()) {
            throw new IllegalArgumentException(problems.toString().strip());
        }
        System.err.print(problems);
        System.exit(exitCode);
    }

    static int run(PrintWriter err, String... args) {
        return new CommandLine(new JobMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(err)
                .execute(args);
    }

    /** A program started by a person, directly or with {@code flink run}, is called from a main method; one uploaded to a JobManager is not. */
    private static boolean inOwnProcess() {
        return StackWalker.getInstance()
                .walk(frames -> frames.reduce((inner, outer) -> outer))
                .filter(outermost -> outermost.getMethodName().equals("main"))
                .isPresent();
    }

    @Override
    public Integer call() throws Exception {
        try {
            FeatureJob.Connections connections = new FeatureJob.Connections(kafka, postgres, user(), password(), redis);
            connections.check();
            checkNumbers();
            Definitions definitions = definitions();
            FeatureJob job = new FeatureJob(
                    definitions,
                    connections,
                    startFrom == null ? KafkaSources.StartFrom.EARLIEST : startFrom,
                    settings.or(JobSettings.DEFAULT));
            StreamExecutionEnvironment environment = environment(definitions);
            // What is in the registry stays there, so nothing may get there that cannot be computed.
            job.check();
            if (startFrom == null && !goesOn(environment.getConfiguration())) {
                job.checkNothingWasRead();
            }
            apply(definitions);
            job.addTo(environment);
            environment.executeAsync(FeatureJob.name());
            return OK;
        } catch (JobSetupException e) {
            return report(e.problems());
        } catch (InvalidDefinitionsException | RegistryConflictException | PostgresException | IOException e) {
            return report(List.of(String.valueOf(e.getMessage())));
        }
    }

    private Definitions definitions() throws InvalidDefinitionsException, IOException {
        if (from.registry) {
            return inRegistry(Registry::load);
        }
        return from.directory != null
                ? DefinitionReader.readDirectory(from.directory)
                : PackedDefinitions.unpack(Objects.requireNonNull(from.packed));
    }

    private void apply(Definitions definitions) {
        if (!from.registry) {
            inRegistry(registry -> registry.apply(definitions));
        }
    }

    private <T> T inRegistry(Function<Registry, T> action) {
        PostgresDriver.unlist();
        try (Postgres database = Postgres.connect(postgres, user(), password())) {
            return action.apply(Registry.open(database));
        }
    }

    private StreamExecutionEnvironment environment(Definitions definitions) {
        Configuration flink = new Configuration();
        flink.set(
                PipelineOptions.GLOBAL_JOB_PARAMETERS,
                JobParameters.of(definitions, jarId, settings.or(JobSettings.DEFAULT)));
        flink.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        if (parallelism != null) {
            flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        FeatureJob.ensureCheckpoints(environment);
        return environment;
    }

    /**
     * Whether the job goes on from a savepoint, or from its own checkpoint: where Flink calls the main method again after a JobManager's
     * death, the job has the id of its first start. Whoever sends an id with a job has a word in it too; 'tidemark submit' first asks for
     * a plan, without an id.
     */
    private static boolean goesOn(ReadableConfig flink) {
        return flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent()
                || flink.getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)
                        .isPresent();
    }

    private void checkNumbers() throws JobSetupException {
        List<String> problems = settings.or(JobSettings.DEFAULT).problems();
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
        if (parallelism != null && parallelism < 1) {
            throw new JobSetupException(List.of("The parallelism is " + parallelism + ", but must be at least 1."));
        }
    }

    private static @Nullable String user() {
        return System.getenv("TIDEMARK_POSTGRES_USER");
    }

    private static @Nullable String password() {
        return System.getenv("TIDEMARK_POSTGRES_PASSWORD");
    }

    private int report(List<String> problems) {
        PrintWriter err = spec.commandLine().getErr();
        problems.forEach(err::println);
        err.flush();
        return PROBLEM;
    }
}
