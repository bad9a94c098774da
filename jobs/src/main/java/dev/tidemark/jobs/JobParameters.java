package dev.tidemark.jobs;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Durations;
import dev.tidemark.defs.FeatureView;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a running job tells about itself in Flink's web interface and REST API, enough to start it once more. Everybody who reaches the
 * cluster can read it, so it holds no addresses and no passwords.
 */
public final class JobParameters {
    /** The ids of the job's views, separated by commas. */
    public static final String VIEWS = "tidemark.views";

    /** The definitions, as {@link PackedDefinitions} makes them. */
    public static final String DEFINITIONS = "tidemark.definitions";

    /** The name under which the cluster holds the job's jar; absent if the job was not started by it. */
    public static final String JAR = "tidemark.jar";

    /** {@link JobSettings#bundle}, as definitions write durations. */
    private static final String BUNDLE = "tidemark.bundle";

    /** {@link JobSettings#corrections}, as definitions write durations. */
    private static final String CORRECTIONS = "tidemark.corrections";

    /** {@link JobSettings#checkpoints}, as definitions write durations; absent if nobody asked for it. */
    private static final String CHECKPOINTS = "tidemark.checkpoint-interval";

    private JobParameters() {}

    static Map<String, String> of(Definitions definitions, @Nullable String jarId, JobSettings settings) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put(
                VIEWS,
                definitions.views().stream().map(FeatureView::id).sorted().collect(Collectors.joining(",")));
        parameters.put(DEFINITIONS, PackedDefinitions.pack(definitions));
        if (jarId != null) {
            parameters.put(JAR, jarId);
        }
        parameters.put(BUNDLE, Durations.format(settings.bundle()));
        parameters.put(CORRECTIONS, Durations.format(settings.corrections()));
        if (settings.checkpoints() != null) {
            parameters.put(CHECKPOINTS, Durations.format(settings.checkpoints()));
        }
        return parameters;
    }

    /**
     * The settings among a job's parameters; the usual ones where it tells none.
     *
     * @param parameter the value of a parameter; null if the job has none of this name
     * @throws IllegalArgumentException if a job that is none of ours has such a parameter and it is not a duration
     */
    public static JobSettings settings(Function<String, @Nullable String> parameter) {
        String bundle = parameter.apply(BUNDLE);
        String corrections = parameter.apply(CORRECTIONS);
        String checkpoints = parameter.apply(CHECKPOINTS);
        return new JobSettings(
                bundle == null ? JobSettings.DEFAULT.bundle() : Durations.parse(bundle),
                corrections == null ? JobSettings.DEFAULT.corrections() : Durations.parse(corrections),
                checkpoints == null ? JobSettings.DEFAULT.checkpoints() : Durations.parse(checkpoints));
    }
}
