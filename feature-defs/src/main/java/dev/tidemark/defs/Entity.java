package dev.tidemark.defs;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What features are about: a card, a customer, a parking bay.
 *
 * @param keys the join keys and their types, in declaration order; at least one, of type long, string, boolean or timestamp
 */
public record Entity(String name, Map<String, DataType> keys) implements Serializable {
    public Entity {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** The names of the join keys, in declaration order. */
    public List<String> keyNames() {
        return List.copyOf(keys.keySet());
    }
}
