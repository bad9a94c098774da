package dev.tidemark.jobs;

import dev.tidemark.defs.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@link JobSettings} on a command line, for every command that starts a job. */
public final class JobSettingsOptions {
    private static final String BUNDLE = "--bundle";

    @Option(
            names = BUNDLE,
            paramLabel = "DURATION",
            converter = DurationAsInDefinitions.class,
            description =
                    "How long events of one entity wait for each other to be processed together, for example 5ms; 0s"
                            + " for not at all, the default. For entities with many events a second; values do not change.")
    private @Nullable Duration bundle;

    @Mixin
    private CorrectionsOption corrections = new CorrectionsOption();

    /** What was asked for, and for the rest what was before. */
    public JobSettings or(JobSettings before) {
        return corrections.in(new JobSettings(bundle == null ? before.bundle() : bundle, before.corrections()));
    }

    /** The arguments that ask for settings; none for the defaults, which a job of an earlier release has as well. */
    public static List<String> arguments(JobSettings settings) {
        List<String> arguments = new ArrayList<>();
        if (!settings.bundle().equals(JobSettings.DEFAULT.bundle())) {
            arguments.addAll(List.of(BUNDLE, Durations.format(settings.bundle())));
        }
        if (!settings.corrections().equals(JobSettings.DEFAULT.corrections())) {
            arguments.addAll(List.of(CorrectionsOption.NAME, Durations.format(settings.corrections())));
        }
        return arguments;
    }
}
