package dev.tidemark.jobs;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.UnsupportedFeatureException;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.ingest.EventReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What definitions may ask for and a job cannot do yet. */
final class SetupCheck {
    private SetupCheck() {}

    static void check(Definitions definitions) throws JobSetupException {
        List<String> problems = new ArrayList<>();
        if (definitions.views().isEmpty()) {
            problems.add("The definitions hold no feature view, so there is nothing to compute.");
        }
        for (Source source : definitions.sources()) {
            if (!EventReader.canRead(source.format())) {
                problems.add("Source " + source.name() + " has the format "
                        + source.format().name().toLowerCase(Locale.ROOT)
                        + ", which cannot be read yet; json can.");
            }
        }
        for (FeatureView view : definitions.views()) {
            try {
                ViewPlan.of(view);
            } catch (UnsupportedFeatureException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
    }
}
