package dev.tidemark.defs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a {@code kind: Entity} document. */
final class EntityReader {
    static final List<String> FIELDS = List.of("kind", "name", "keys");

    private static final Set<DataType> KEY_TYPES =
            Set.of(DataType.LONG, DataType.STRING, DataType.BOOLEAN, DataType.TIMESTAMP);

    /** An index of Postgres has at most 32 columns, and that of the history needs one for the time. */
    private static final int MOST_KEYS = 31;

    private EntityReader() {}

    /**
     * What is known of an entity.
     *
     * @param keys where each join key was declared
     * @param entity null if something is wrong with it
     */
    record Draft(Scope keys, @Nullable Entity entity) {
        static final Draft UNKNOWN = new Draft(Scope.unknown(), null);
    }

    static void read(YamlValue document, Declarations<Draft> entities, Problems problems) {
        Fields fields = Fields.of(document, "an entity", FIELDS, problems);
        if (fields == null) {
            return;
        }
        String name = fields.requiredText("name");
        boolean valid = name != null && Names.check("an entity", name, fields.place("name"), problems);
        Scope keys = new Scope();
        Map<String, DataType> types = new LinkedHashMap<>();
        YamlValue value = fields.required("keys");
        List<YamlValue.Entry> members = fields.members("keys", value);
        for (YamlValue.Entry member : members) {
            valid &= Names.checkOutput("a join key", member.key(), member.place(), problems);
            DataType type = keyType(member, problems);
            keys.add(member.key(), type);
            if (type != null) {
                types.put(member.key(), type);
            }
        }
        if (members.isEmpty()) {
            keys.markIncomplete();
            if (value instanceof YamlValue.Mapping) {
                problems.report(
                        value.place(), "An entity needs at least one join key.", "Write keys: { user: string }.");
            }
        }
        if (members.size() > MOST_KEYS) {
            valid = false;
            problems.report(
                    fields.place("keys"),
                    "The entity has " + members.size() + " join keys.",
                    "The history's index holds at most " + MOST_KEYS + ": write several of them as one string.");
        }
        valid &= !members.isEmpty() && types.size() == members.size();
        entities.add(
                name, fields.place("name"), new Draft(keys, valid && name != null ? new Entity(name, types) : null));
    }

    private static @Nullable DataType keyType(YamlValue.Entry member, Problems problems) {
        DataType type = Texts.type(member.key(), member.value(), problems);
        if (type != null && !KEY_TYPES.contains(type)) {
            problems.report(
                    member.value().place(),
                    "The join key '" + member.key() + "' cannot be a " + type.spelling() + ".",
                    "A join key is a long, string, boolean or timestamp.");
            return null;
        }
        return type;
    }
}
