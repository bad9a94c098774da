package dev.tidemark.engine;

import dev.tidemark.defs.Entity;
import java.util.List;

/**
 * The join key values of one entity as one text: a JSON array, for example {@code ["DE",17]}. Two entities have the same text
 * if and only if all their key values are equal, so it serves as the key of a stream and of a store.
 */
public final class JoinKeys {
    private JoinKeys() {}

    /**
     * The text for key values in the order of {@link Entity#keys()}.
     *
     * @throws IllegalArgumentException if the number, a type or a null does not fit the entity
     */
    public static String encode(Entity entity, List<?> values) {
        List<String> names = entity.keyNames();
        if (values.size() != names.size()) {
            throw new IllegalArgumentException("Entity " + entity.name() + " has the keys " + names + ", but "
                    + values.size() + " values were given.");
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            KeyText.append(entity, names.get(i), values.get(i), text);
        }
        return text.append(']').toString();
    }

    /**
     * The key values of a text that {@link #encode} made.
     *
     * @throws IllegalArgumentException if the text does not fit the entity
     */
    public static List<Object> decode(Entity entity, String text) {
        return KeyText.parse(entity, text);
    }
}
