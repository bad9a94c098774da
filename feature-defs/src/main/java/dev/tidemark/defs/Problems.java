package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects problems; reading goes on, so that all of them are found in one run. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void report(Place place, String message) {
        report(place, message, null);
    }

    void report(Place place, String message, @Nullable String suggestion) {
        found.add(new Problem(place.file(), place.line(), place.column(), message, suggestion));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the files and of the places in them. One that is reached by several YAML aliases is listed once. */
    List<Problem> inOrder(List<String> files) {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt((Problem p) -> files.indexOf(p.file()))
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column))
                .toList();
    }
}
