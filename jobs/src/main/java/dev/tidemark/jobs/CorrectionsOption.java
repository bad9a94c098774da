package dev.tidemark.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@link JobSettings#corrections} on a command line, for every command to which it makes a difference. */
public final class CorrectionsOption {
    static final String NAME = "--corrections";

    @Option(
            names = NAME,
            paramLabel = "DURATION",
            converter = DurationAsInDefinitions.class,
            description =
                    "How far back settled rows are corrected by events of a partition that had been idle. Default: 1h.")
    private @Nullable Duration corrections;

    /** The given settings with what was asked for, if anything was. */
    public JobSettings in(JobSettings settings) {
        return corrections == null ? settings : new JobSettings(settings.bundle(), corrections, settings.checkpoints());
    }
}
