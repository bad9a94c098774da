package dev.tidemark.cli;

import java.util.Optional;
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
        return given().orElseThrow(() ->
                new UserException("Which cluster? Give --cluster http://HOST:8081, or set TIDEMARK_FLINK_URL."));
    }

    /** The cluster, for a command that can do without. */
    Optional<FlinkRest> given() {
        return cluster == null || cluster.isBlank() ? Optional.empty() : Optional.of(new FlinkRest(cluster));
    }
}
