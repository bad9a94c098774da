package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The feature views by name and version; broken ones too, so that a reference to one is no second problem. */
final class ViewDeclarations {
    private final Map<String, Integer> current;
    private final Problems problems;
    private final Map<String, TreeMap<Integer, ViewReader.Draft>> views = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private boolean someNameless;

    /**
     * No views yet.
     *
     * @param current the versions that references without one mean; for a view that is not in it, the greatest
     */
    ViewDeclarations(Map<String, Integer> current, Problems problems) {
        this.current = current;
        this.problems = problems;
    }

    void addNameless() {
        someNameless = true;
    }

    /** Adds a view; a second one of its name and version is reported. */
    void add(ViewReader.Draft draft, Place place) {
        Place first = places.putIfAbsent(draft.name() + "@" + draft.version(), place);
        if (first != null && draft.version() > 0) {
            problems.report(
                    place,
                    "Another feature view is named '" + draft.name() + "' and has the version " + draft.version()
                            + ", at " + first.file() + ":" + first.line() + ".",
                    "Give one of them another version or name.");
            return;
        }
        views.computeIfAbsent(draft.name(), name -> new TreeMap<>()).put(draft.version(), draft);
    }

    /**
     * What a reference stands for; null if there is no such view, which is reported.
     *
     * @param version null for the current one
     */
    ViewReader.@Nullable Draft resolve(String name, @Nullable Integer version, Place place) {
        TreeMap<Integer, ViewReader.Draft> versions = views.get(name);
        if (versions == null) {
            if (!someNameless) {
                String suggestion = Suggestions.of(name, "feature views", views.keySet());
                problems.report(
                        place,
                        "There is no feature view '" + name + "'.",
                        suggestion == null ? "No feature view is defined." : suggestion);
            }
            return null;
        }
        Integer wanted = version == null ? current.get(name) : version;
        if (wanted == null) {
            return versions.lastEntry().getValue();
        }
        ViewReader.Draft draft = versions.get(wanted);
        if (draft == null && !versions.containsKey(0)) {
            problems.report(
                    place,
                    "The feature view '" + name + "' has no version " + wanted + ".",
                    "Its versions are: "
                            + Suggestions.list(versions.keySet().stream()
                                    .map(String::valueOf)
                                    .toList()) + ".");
        }
        return draft;
    }

    List<ViewReader.Draft> all() {
        List<ViewReader.Draft> all = new ArrayList<>();
        views.values().forEach(versions -> all.addAll(versions.values()));
        return all;
    }
}
