package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;

/**
 * How far before a row the events lie that can matter to it, or to whether it is a row at all.
 *
 * @param millis {@link #WHOLE_LOG} if every event before it may matter
 * @param reason which feature or column reaches farthest, for people
 */
record Reach(long millis, String reason) {
    static final long WHOLE_LOG = Long.MAX_VALUE;

    /** A row is a change point: what held just before it counts too, and that may have ended one step or period earlier. */
    static Reach of(FeatureView view) {
        Reach farthest = new Reach(0, "no window");
        for (Column column : view.columns()) {
            if (!(column instanceof Column.Computed)) {
                farthest = new Reach(WHOLE_LOG, "column " + column.name() + " looks back on all events of an entity");
            }
        }
        for (Feature feature : view.features()) {
            long millis = millis(feature.window());
            if (millis > farthest.millis) {
                farthest = new Reach(
                        millis,
                        "feature " + feature.name()
                                + (millis == WHOLE_LOG ? " covers all events of an entity" : " reaches farthest"));
            }
        }
        return farthest;
    }

    boolean wholeLog() {
        return millis == WHOLE_LOG;
    }

    private static long millis(Window window) {
        if (window instanceof Window.Sliding sliding) {
            return sliding.offsetMillis() + sliding.lengthMillis() + 2 * sliding.stepMillis() + 1;
        } else if (window instanceof Window.Tumbling tumbling) {
            // The period, the one in which it shows, and the one before; civil ones vary by less than a further one.
            return 4 * tumbling.length().toMillis() + 1;
        }
        return WHOLE_LOG;
    }
}
