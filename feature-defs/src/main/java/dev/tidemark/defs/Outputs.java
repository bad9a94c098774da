package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a view's rows, as far as they were read: join keys, features, derived features. Their names differ. */
final class Outputs {
    private final Scope scope;
    private final Scope features = new Scope();
    private final Problems problems;
    private final Map<String, Owner> owners = new LinkedHashMap<>();

    /**
     * Which declaration a name came from.
     *
     * @param place null for a join key
     */
    private record Owner(@Nullable Place place) {}

    Outputs(Scope keys, Problems problems) {
        this.scope = keys.copy();
        this.problems = problems;
        keys.names().forEach(key -> owners.put(key, new Owner(null)));
    }

    /** The join keys and the features. */
    Scope scope() {
        return scope;
    }

    /** The features, stored and derived, without the join keys. */
    Scope features() {
        return features;
    }

    /** Notes that there are features whose names could not be read. */
    void markIncomplete() {
        scope.markIncomplete();
        features.markIncomplete();
    }

    /**
     * Adds what one declaration is expanded to. Names that are taken are reported, all of them as one problem.
     *
     * @param kind of the declaration, with its article
     * @param place of the declaration's name
     * @return whether all names were free and fit to be names
     */
    boolean add(String kind, Map<String, @Nullable DataType> names, Place place) {
        List<String> taken = new ArrayList<>();
        boolean valid = true;
        for (Map.Entry<String, @Nullable DataType> name : names.entrySet()) {
            if (owners.containsKey(name.getKey())) {
                taken.add(name.getKey());
            } else {
                valid &= Names.checkOutput(kind, name.getKey(), place, problems);
                owners.put(name.getKey(), new Owner(place));
                scope.add(name.getKey(), name.getValue());
                features.add(name.getKey(), name.getValue());
            }
        }
        if (!taken.isEmpty()) {
            reportTaken(taken, place);
        }
        return valid && taken.isEmpty();
    }

    private void reportTaken(List<String> taken, Place place) {
        Owner owner = owners.get(taken.get(0));
        if (owner == null) {
            throw new IllegalStateException("Not taken: " + taken);
        }
        String quoted = "'" + String.join("', '", taken) + "'";
        problems.report(
                place,
                owner.place() == null
                        ? quoted + " is the name of a join key of the entity."
                        : quoted + (taken.size() == 1 ? " is" : " are") + " declared already, at line "
                                + owner.place().line() + ".",
                "Rename or remove one of them.");
    }
}
