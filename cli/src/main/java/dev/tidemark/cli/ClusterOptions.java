package dev.tidemark.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to. */
final class ClusterOptions {
    @Option(
            names = "--cluster",
            paramLabel = "URL",
            defaultValue = "${env:TIDEMARK_FLINK_URL}",
            description = "The web interface of the Flink cluster's JobManager, such as http://localhost:8081."
                    + " Default: TIDEMARK_FLINK_URL.")
    private @Nullable String cluster;

    FlinkRest rest() {
        if (cluster == null || cluster.isBlank()) {
            throw new UserException("Which cluster? Give --cluster http://HOST:8081, or set TIDEMARK_FLINK_URL.");
        }
        return new FlinkRest(cluster);
    }
}
