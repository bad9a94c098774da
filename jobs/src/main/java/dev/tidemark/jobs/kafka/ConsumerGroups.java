package dev.tidemark.jobs.kafka;

import dev.tidemark.defs.FeatureView;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Under which consumer group a job commits the offsets of a source. The name lists the views that the job computes from the source:
 * a job for another view, such as the next version of one, does not begin where this one stopped, and each one's progress can
 * be looked up.
 */
public final class ConsumerGroups {
    private static final String PREFIX = "tidemark:";

    private ConsumerGroups() {}

    /** The group of a job that computes these views from one source, for example {@code tidemark:card_activity@1,card_days@2}. */
    public static String of(List<FeatureView> views) {
        return views.stream().map(FeatureView::id).sorted().collect(Collectors.joining(",", PREFIX, ""));
    }

    /** The ids of the views in a group's name; empty if it is not the group of a job. */
    public static List<String> views(String group) {
        return group.startsWith(PREFIX)
                ? List.of(group.substring(PREFIX.length()).split(","))
                : List.of();
    }
}
