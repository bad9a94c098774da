package dev.tidemark.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command compares the stores with the log. */
final class ProofOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Takes another sample of entities for another number. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "How long to look again at what differs, since a running job may be about to write it."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ofMinutes(1);

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:TIDEMARK_KAFKA}",
            description = "Kafka's brokers, to read the log. Default: TIDEMARK_KAFKA.")
    private @Nullable String kafka;

    long seed() {
        return seed;
    }

    Duration patience() {
        return patience;
    }

    /** Kafka's brokers, for a command that can do without. */
    Optional<String> kafka() {
        return Optional.ofNullable(kafka);
    }
}
