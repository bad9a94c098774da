package dev.tidemark.cli;

import picocli.CommandLine.Option;

/** Where the log is, for a command that cannot do without. */
final class KafkaOptions {
    @Option(
            names = "--kafka",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Kafka's brokers; several are separated by commas.")
    private String brokers = "";

    String brokers() {
        return brokers;
    }
}
