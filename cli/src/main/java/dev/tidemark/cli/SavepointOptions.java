package dev.tidemark.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Of which job a command takes a savepoint, and where to. */
final class SavepointOptions {
    @Parameters(index = "0", paramLabel = "JOB", description = "Its id, the beginning of it, or its name.")
    private String job = "";

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description =
                    "Where the cluster writes the savepoint, as the cluster sees it. Default: the cluster's setting.")
    private @Nullable String directory;

    /** @throws UserException if no job, or more than one, is meant */
    ClusterJob job(FlinkRest cluster) throws InterruptedException {
        return ClusterJob.find(cluster, job);
    }

    JobSavepoint savepoint(FlinkRest cluster) {
        return new JobSavepoint(cluster, directory);
    }
}
