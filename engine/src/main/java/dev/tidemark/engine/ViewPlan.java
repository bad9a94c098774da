package dev.tidemark.engine;

import dev.tidemark.defs.FeatureView;

/** Everything the engine derives once from a feature view. Immutable; safe for use by many threads. */
public final class ViewPlan {
    private final FeatureView view;

    private ViewPlan(FeatureView view) {
        this.view = view;
    }

    /**
     * Plans a view.
     *
     * @throws UnsupportedFeatureException if the engine cannot compute some feature or column yet
     */
    public static ViewPlan of(FeatureView view) {
        return new ViewPlan(view);
    }

    public FeatureView view() {
        return view;
    }
}
