package dev.tidemark.serving;

import java.util.Collection;
import java.util.List;

/** Lists of names for messages. */
final class Names {
    private static final int MAX_SHOWN = 30;

    private Names() {}

    /** For example {@code a, b, c}; of many names only the first, in alphabetical order. */
    static String list(Collection<String> names) {
        List<String> sorted = names.stream().distinct().sorted().toList();
        if (sorted.isEmpty()) {
            return "none";
        }
        if (sorted.size() <= MAX_SHOWN) {
            return String.join(", ", sorted);
        }
        return String.join(", ", sorted.subList(0, MAX_SHOWN)) + " and " + (sorted.size() - MAX_SHOWN) + " more";
    }
}
