package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The definitions of one kind, by name; broken ones too, so that a reference to one is no second problem. */
final class Declarations<T> {
    private final String kind;
    private final String plural;
    private final Problems problems;
    private final Map<String, T> declared = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private boolean someNameless;

    /**
     * @param kind for messages
     */
    Declarations(String kind, String plural, Problems problems) {
        this.kind = kind;
        this.plural = plural;
        this.problems = problems;
    }

    /** Adds a definition; one of a name that is taken is reported. A null name is one that could not be read. */
    void add(@Nullable String name, Place place, T definition) {
        if (name == null) {
            addNameless();
            return;
        }
        Place first = places.putIfAbsent(name, place);
        if (first == null) {
            declared.put(name, definition);
        } else {
            problems.report(
                    place,
                    "Another " + kind + " is named '" + name + "', at " + first.file() + ":" + first.line() + ".",
                    "Rename or remove one of them.");
        }
    }

    /** Notes that there is a definition whose name could not be read. */
    void addNameless() {
        someNameless = true;
    }

    /** What a reference stands for; null if there is no such definition, which is reported. */
    @Nullable
    T resolve(String name, Place place) {
        T definition = declared.get(name);
        if (definition == null && !someNameless) {
            String suggestion = Suggestions.of(name, plural, declared.keySet());
            problems.report(
                    place,
                    "There is no " + kind + " '" + name + "'.",
                    suggestion == null ? "No " + kind + " is defined." : suggestion);
        }
        return definition;
    }

    List<T> all() {
        return new ArrayList<>(declared.values());
    }
}
