package dev.tidemark.jobs;

import dev.tidemark.defs.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@link JobSettings} on a command line, for every command that starts a job. */
public final class JobSettingsOptions {
    private static final String BUNDLE = "--bundle";
    private static final String CHECKPOINTS = "--checkpoint-interval";

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

    @Option(
            names = CHECKPOINTS,
            paramLabel = "DURATION",
            converter = DurationOrSeconds.class,
            description =
                    "How often to take a checkpoint, with which settled rows reach the history, for example 5s. Default:"
                            + " the cluster's setting, or else 15s.")
    private @Nullable Duration checkpoints;

    /** What was asked for, and for the rest what was before. */
    public JobSettings or(JobSettings before) {
        return corrections.in(new JobSettings(
                bundle == null ? before.bundle() : bundle,
                before.corrections(),
                checkpoints == null ? before.checkpoints() : checkpoints));
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
        if (settings.checkpoints() != null) {
            arguments.addAll(List.of(CHECKPOINTS, Durations.format(settings.checkpoints())));
        }
        return arguments;
    }

    /** A number without a unit is one of seconds, as it used to be. */
    private static final class DurationOrSeconds implements ITypeConverter<Duration> {
        private static final Pattern NUMBER = Pattern.compile("\\d+");

        @Override
        public Duration convert(String text) {
            return new DurationAsInDefinitions().convert(NUMBER.matcher(text).matches() ? text + "s" : text);
        }
    }
}
