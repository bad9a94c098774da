package dev.tidemark.jobs;

import dev.tidemark.defs.Durations;
import dev.tidemark.engine.ViewPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is up to the operator of a job, beside its definitions.
 *
 * @param bundle how long an event may wait for others of its entity, to travel to it together; zero for no bundles. No value hangs on it
 * @param corrections how far behind an entity's last settled row an event from a partition that had been idle may be and still be
 *     taken in
 * @param checkpoints how often a checkpoint is taken; null for the cluster's setting, or else {@link FeatureJob#CHECKPOINT_INTERVAL}
 */
public record JobSettings(Duration bundle, Duration corrections, @Nullable Duration checkpoints) {
    /** No bundles, and corrections of an hour. */
    public static final JobSettings DEFAULT = new JobSettings(Duration.ZERO, ViewPlan.CORRECTIONS, null);

    private static final Duration SHORTEST_CHECKPOINTS = Duration.ofSeconds(1);
    private static final Duration LONGEST_BUNDLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_CORRECTIONS = Duration.ofDays(30);

    /** What is wrong with them, in sentences for a person; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        check("--bundle", bundle, LONGEST_BUNDLE, "fresh rows would wait for it", problems);
        check("--corrections", corrections, LONGEST_CORRECTIONS, "every entity keeps its events for so long", problems);
        if (checkpoints != null && checkpoints.compareTo(SHORTEST_CHECKPOINTS) < 0) {
            problems.add("--checkpoint-interval is " + Durations.format(checkpoints) + ", but must be at least "
                    + Durations.format(SHORTEST_CHECKPOINTS) + ": an operator does nothing else meanwhile.");
        }
        return problems;
    }

    private static void check(String option, Duration value, Duration longest, String why, List<String> problems) {
        if (value.isNegative() || value.compareTo(longest) > 0) {
            problems.add(option + " is " + (value.isNegative() ? value : Durations.format(value))
                    + ", but must be between 0s and " + Durations.format(longest) + ": " + why + ".");
        }
    }
}
