package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.util.ArrayList;
import java.util.List;

/** What the definition language offers and the engine cannot compute yet: refused by name, never ignored. */
final class Support {
    private static final String COMPUTED = "It computes count, sum, avg, min, max, variance, stddev,"
            + " first, last, first_n, last_n, count_distinct, top_k, histogram and rate.";

    private Support() {}

    /** One sentence for each thing in the view that cannot be computed; empty if the view can. */
    static List<String> problems(FeatureView view) {
        List<String> problems = new ArrayList<>();
        for (Feature feature : view.features()) {
            if (!AccumulatorType.supports(feature.aggregate())) {
                problems.add("View " + view.id() + ", feature " + feature.name() + ": the engine does not compute "
                        + feature.aggregate().spelling() + " yet. " + COMPUTED);
            }
            if (feature.aggregate() instanceof Aggregate.Rate
                    && feature.window() instanceof Window.Tumbling tumbling
                    && tumbling.zone() != null) {
                problems.add("View " + view.id() + ", feature " + feature.name()
                        + ": the engine does not compute a rate over periods with a time_zone yet, as they differ in"
                        + " length. Use a sliding window, or periods without a time_zone.");
            }
        }
        if (view.history().every() != null) {
            problems.add("View " + view.id() + ": history.every is not kept to yet. Leave it out: every row is kept.");
        }
        if (view.history().retention() != null) {
            problems.add(
                    "View " + view.id() + ": history.retention is not kept to yet. Leave it out: rows stay for ever.");
        }
        return problems;
    }
}
