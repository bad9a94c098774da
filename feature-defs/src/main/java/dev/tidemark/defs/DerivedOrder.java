package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sorts derived features so that each uses only earlier ones; otherwise they keep their order. Cycles are reported. */
final class DerivedOrder {
    private final Map<String, DerivedFeature> features;
    private final Map<String, Place> places;
    private final Problems problems;

    private final List<DerivedFeature> sorted = new ArrayList<>();
    private final Set<String> visited = new HashSet<>();
    private final List<String> path = new ArrayList<>();

    DerivedOrder(Map<String, DerivedFeature> features, Map<String, Place> places, Problems problems) {
        this.features = features;
        this.places = places;
        this.problems = problems;
    }

    List<DerivedFeature> sorted() {
        features.values().forEach(this::visit);
        return sorted;
    }

    private void visit(DerivedFeature feature) {
        int start = path.indexOf(feature.name());
        if (start >= 0) {
            reportCycle(path.subList(start, path.size()));
            return;
        }
        if (!visited.add(feature.name())) {
            return;
        }
        path.add(feature.name());
        for (String used : feature.expression().variables().keySet()) {
            DerivedFeature other = features.get(used);
            if (other != null) {
                visit(other);
            }
        }
        path.remove(path.size() - 1);
        sorted.add(feature);
    }

    private void reportCycle(List<String> cycle) {
        String first = cycle.get(0);
        Place place = places.getOrDefault(first, new Place("", 1, 1));
        if (cycle.size() == 1) {
            problems.report(place, "The derived feature '" + first + "' uses itself.");
        } else {
            problems.report(
                    place,
                    "Derived features use each other in a circle: " + String.join(" -> ", cycle) + " -> " + first + ".",
                    "Compute one of them without the others.");
        }
    }
}
