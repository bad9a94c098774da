package dev.tidemark.defs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns in reach of an expression or a feature. It knows what it does not know: where a declaration is broken, its
 * type is open, or even which names there are; what depends on those is not reported as a second problem.
 */
final class Scope {
    private final Map<String, Optional<DataType>> types = new LinkedHashMap<>();
    private boolean complete = true;

    /** Some names are missing, because their declaration is broken. */
    static Scope unknown() {
        Scope scope = new Scope();
        scope.complete = false;
        return scope;
    }

    Scope copy() {
        Scope copy = new Scope();
        copy.types.putAll(types);
        copy.complete = complete;
        return copy;
    }

    /** Adds a column; its type is null if its declaration is broken. */
    void add(String name, @Nullable DataType type) {
        types.put(name, Optional.ofNullable(type));
    }

    void markIncomplete() {
        complete = false;
    }

    boolean isComplete() {
        return complete;
    }

    boolean has(String name) {
        return types.containsKey(name);
    }

    /** Null if there is no such column, or if its type is not known. */
    @Nullable
    DataType type(String name) {
        return types.getOrDefault(name, Optional.empty()).orElse(null);
    }

    Set<String> names() {
        return types.keySet();
    }
}
