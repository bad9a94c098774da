package dev.tidemark.jobs;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.ingest.EventReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What definitions may ask for and a job cannot do yet. */
public final class SetupCheck {
    private SetupCheck() {}

    static void check(Definitions definitions) throws JobSetupException {
        List<String> problems = new ArrayList<>();
        if (definitions.views().isEmpty()) {
            problems.add("The definitions hold no feature view, so there is nothing to compute.");
        }
        problems.addAll(unsupported(definitions));
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
    }

    /** One sentence for each thing that cannot be read or computed yet, with the source or the view; empty if all can. */
    public static List<String> unsupported(Definitions definitions) {
        List<String> problems = new ArrayList<>();
        for (Source source : definitions.sources()) {
            if (!EventReader.canRead(source.format())) {
                problems.add("Source " + source.name() + " has the format "
                        + source.format().name().toLowerCase(Locale.ROOT)
                        + ", which cannot be read yet; json can.");
            }
        }
        return problems;
    }
}
