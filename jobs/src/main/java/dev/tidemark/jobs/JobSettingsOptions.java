package dev.tidemark.jobs;

import dev.tidemark.defs.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@link JobSettings} on a command line, for every command that starts a job. */
public final class JobSettingsOptions {
    private static final String BUNDLE = "--bundle";
    private static final String CORRECTIONS = "--corrections";

    @Option(
            names = BUNDLE,
            paramLabel = "DURATION",
            converter = AsInDefinitions.class,
            description =
                    "How long events of one entity wait for each other to be processed together, for example 5ms; 0s"
                            + " for not at all, the default. For entities with many events a second; values do not change.")
    private @Nullable Duration bundle;

    @Option(
            names = CORRECTIONS,
            paramLabel = "DURATION",
            converter = AsInDefinitions.class,
            description =
                    "How far back settled rows are corrected by events of a partition that had been idle. Default: 1h.")
    private @Nullable Duration corrections;

    /** What was asked for, and for the rest what was before. */
    public JobSettings or(JobSettings before) {
        return new JobSettings(
                bundle == null ? before.bundle() : bundle, corrections == null ? before.corrections() : corrections);
    }

    /** The arguments that ask for settings; none for the defaults, which a job of an earlier release has as well. */
    public static List<String> arguments(JobSettings settings) {
        List<String> arguments = new ArrayList<>();
        if (!settings.bundle().equals(JobSettings.DEFAULT.bundle())) {
            arguments.addAll(List.of(BUNDLE, Durations.format(settings.bundle())));
        }
        if (!settings.corrections().equals(JobSettings.DEFAULT.corrections())) {
            arguments.addAll(List.of(CORRECTIONS, Durations.format(settings.corrections())));
        }
        return arguments;
    }

    private static final class AsInDefinitions implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
