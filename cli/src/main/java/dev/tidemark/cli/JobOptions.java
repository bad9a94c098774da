package dev.tidemark.cli;

import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.JobSettings;
import dev.tidemark.jobs.JobSettingsOptions;
import dev.tidemark.jobs.JobSetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a job on a cluster is started with, but for its definitions. */
final class JobOptions {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--postgres",
            required = true,
            paramLabel = "JDBC_URL",
            description =
                    "The database of the registry and the history. Without user and password in it, the JobManager's"
                            + " TIDEMARK_POSTGRES_USER and TIDEMARK_POSTGRES_PASSWORD are taken.")
    private String postgres = "";

    @Option(names = "--redis", required = true, paramLabel = "URI", description = "The online store.")
    private String redis = "";

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job's jar. Default: the one that was built here, jobs/target/tidemark-jobs-*.jar.")
    private @Nullable Path jar;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many instances each operator has. Default: that of the job so far, or the cluster's.")
    private @Nullable Integer parallelism;

    @Mixin
    private JobSettingsOptions settings = new JobSettingsOptions();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = "How long all tasks may take until they run. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofMinutes(2);

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How long they must then run without a failure. Default: ${DEFAULT-VALUE}.")
    private Duration watch = Duration.ofSeconds(10);

    Duration timeout() {
        return timeout;
    }

    Duration watch() {
        return watch;
    }

    /** What was asked for, or else what was before; null for the cluster's. */
    @Nullable
    Integer parallelismOr(@Nullable Integer before) {
        return parallelism != null ? parallelism : before;
    }

    /** What was asked for, and for the rest what was before. */
    JobSettings settingsOr(JobSettings before) {
        return settings.or(before);
    }

    /** @throws UserException if an address is none or a number is too small */
    void check() {
        List<String> problems = new ArrayList<>();
        try {
            new FeatureJob.Connections(kafka.brokers(), postgres, null, null, redis).check();
        } catch (JobSetupException e) {
            problems.addAll(e.problems());
        }
        if (parallelism != null && parallelism < 1) {
            problems.add("--parallelism is " + parallelism + ", but must be at least 1.");
        }
        problems.addAll(settings.or(JobSettings.DEFAULT).problems());
        if (!problems.isEmpty()) {
            throw new UserException(String.join("\n", problems));
        }
    }

    /** The arguments of the jar's main method, without definitions. */
    List<String> arguments() {
        return arguments(parallelism, settings.or(JobSettings.DEFAULT));
    }

    /** The same with another parallelism, null for the cluster's, and other settings. */
    List<String> arguments(@Nullable Integer instances, JobSettings chosen) {
        List<String> arguments =
                new ArrayList<>(List.of("--kafka", kafka.brokers(), "--postgres", postgres, "--redis", redis));
        if (instances != null) {
            arguments.addAll(List.of("--parallelism", "" + instances));
        }
        arguments.addAll(JobSettingsOptions.arguments(chosen));
        return arguments;
    }

    /** @throws UserException if there is no jar, or more than one to choose from */
    Path jar() {
        if (jar != null) {
            return existing(jar);
        }
        Path directory = Path.of(System.getProperty("tidemark.home", ".")).resolve(Path.of("jobs", "target"));
        List<Path> built = jarsIn(directory);
        if (built.isEmpty()) {
            throw new UserException("There is no tidemark-jobs-*.jar in " + directory
                    + ". Build it with ./mvnw -pl jobs -am package -DskipTests, or give --jar FILE.");
        } else if (built.size() > 1) {
            throw new UserException("Which jar? There are " + built + ". Give --jar FILE.");
        }
        return built.get(0);
    }

    static Path existing(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new UserException("There is no jar " + jar + ".");
        }
        return jar;
    }

    private static List<Path> jarsIn(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("tidemark-jobs-.*\\.jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserException("The directory " + directory + " cannot be read: " + e.getMessage());
        }
    }
}
