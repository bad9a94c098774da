package dev.tidemark.jobs.audit;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a look at one entity gave. */
final class Findings {
    private final String view;
    private final String key;
    private final List<Difference> differences = new ArrayList<>();
    private long rows;
    private long unsettled;
    private long pending;

    Findings(String view, String key) {
        this.view = view;
        this.key = key;
    }

    void compared() {
        rows++;
    }

    void unsettled() {
        unsettled++;
    }

    void pending() {
        pending++;
    }

    void add(
            Difference.Kind kind,
            long validFrom,
            @Nullable FeatureRow found,
            @Nullable FeatureRow expected,
            LogPosition position) {
        differences.add(new Difference(view, key, kind, validFrom, found, expected, position));
    }

    /** Whether nothing is wrong and nothing is awaited. */
    boolean isClean() {
        return differences.isEmpty() && pending == 0;
    }

    List<Difference> differences() {
        return differences;
    }

    long rows() {
        return rows;
    }

    long notSettled() {
        return unsettled;
    }

    long awaited() {
        return pending;
    }
}
