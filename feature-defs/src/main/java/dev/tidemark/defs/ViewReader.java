package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@code kind: FeatureView} document. */
final class ViewReader {
    static final List<String> FIELDS = List.of(
            "kind",
            "name",
            "version",
            "entity",
            "source",
            "owner",
            "description",
            "tags",
            "ttl",
            "where",
            "columns",
            "features",
            "derived",
            "history");

    private static final Duration POSITIVE = Duration.ofMillis(1);
    private static final long GREATEST_VERSION = 1_000_000;

    private final Fields fields;
    private final Problems problems;

    private ViewReader(Fields fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /**
     * What is known of a feature view.
     *
     * @param version 0 if it could not be read
     * @param outputs its features and derived features
     * @param view null if something is wrong with it
     */
    record Draft(String name, int version, Scope outputs, @Nullable FeatureView view) {}

    static void read(
            YamlValue document,
            Declarations<SourceReader.Draft> sources,
            Declarations<EntityReader.Draft> entities,
            ViewDeclarations views,
            Problems problems) {
        Fields fields = Fields.of(document, "a feature view", FIELDS, problems);
        if (fields != null) {
            new ViewReader(fields, problems).read(sources, entities, views);
        }
    }

    private void read(
            Declarations<SourceReader.Draft> sources,
            Declarations<EntityReader.Draft> entities,
            ViewDeclarations views) {
        String name = fields.requiredText("name");
        boolean named = name != null && Names.check("a feature view", name, fields.place("name"), problems);
        int version = version();
        EntityReader.Draft entity = resolve("entity", entities, EntityReader.Draft.UNKNOWN);
        SourceReader.Draft source = resolve("source", sources, SourceReader.Draft.UNKNOWN);
        checkJoinKeys(entity.keys(), source.schema());
        Expression where = where(source.schema());
        Scope events = source.schema().copy();
        List<Column> columns = columns(events);
        Outputs outputs = new Outputs(entity.keys(), problems);
        List<Feature> features = features(events, outputs);
        List<DerivedFeature> derived = derived(outputs);
        String owner = fields.optionalText("owner");
        String description = fields.optionalText("description");
        List<String> tags = tags();
        Duration ttl = fields.optionalDuration("ttl", POSITIVE);
        FeatureView.History history = history();
        FeatureView view = null;
        if (name != null && named && version > 0 && entity.entity() != null && source.source() != null) {
            view = new FeatureView(
                    name,
                    version,
                    entity.entity(),
                    source.source(),
                    owner,
                    description,
                    tags,
                    ttl,
                    where,
                    columns,
                    features,
                    derived,
                    history);
        }
        if (name == null) {
            views.addNameless();
        } else {
            views.add(new Draft(name, version, outputs.features(), view), fields.place("name"));
        }
    }

    private int version() {
        if (!fields.has("version")) {
            return 1;
        }
        Long version = fields.integer("version", fields.optional("version"), 1, GREATEST_VERSION);
        return version == null ? 0 : version.intValue();
    }

    private <T> T resolve(String field, Declarations<T> declarations, T unknown) {
        String name = fields.requiredText(field);
        T draft = name == null ? null : declarations.resolve(name, fields.place(field));
        return draft == null ? unknown : draft;
    }

    private void checkJoinKeys(Scope keys, Scope schema) {
        for (String key : keys.names()) {
            DataType wanted = keys.type(key);
            DataType actual = schema.type(key);
            if (!schema.has(key) && schema.isComplete()) {
                problems.report(
                        fields.place("source"),
                        "The source has no column for the join key '" + key + "' of the entity.",
                        Suggestions.of(key, "columns", schema.names()));
            } else if (wanted != null && actual != null && !wanted.equals(actual)) {
                problems.report(
                        fields.place("source"),
                        "The join key '" + key + "' is a " + wanted.spelling() + " of the entity, but a "
                                + actual.spelling() + " of the source.",
                        "Give it one type in both.");
            }
        }
    }

    private @Nullable Expression where(Scope schema) {
        YamlValue value = fields.optional("where");
        if (value instanceof Scalar scalar && fields.optional("columns") instanceof YamlValue.Mapping columns) {
            List<String> computed =
                    columns.entries().stream().map(YamlValue.Entry::key).toList();
            for (String used : CelCheck.names(scalar.text())) {
                if (computed.contains(used) && !schema.has(used)) {
                    problems.report(
                            value.place(),
                            "'where' uses '" + used + "', but the view's columns are computed after it.",
                            "Use columns of the source; a feature has a 'where' of its own that may use all.");
                    return null;
                }
            }
        }
        return value == null ? null : ExpressionReader.condition("where", value, schema, problems);
    }

    private List<Feature> features(Scope events, Outputs outputs) {
        YamlValue value = fields.required("features");
        if (!(value instanceof YamlValue.Sequence)) {
            outputs.markIncomplete();
        } else if (((YamlValue.Sequence) value).elements().isEmpty()) {
            problems.report(value.place(), "The view has no features.", "List at least one.");
        }
        List<Feature> features = new ArrayList<>();
        for (YamlValue element : fields.list("features", value)) {
            features.addAll(FeatureReader.read(element, events, outputs, problems));
        }
        return features;
    }

    /** The columns that the view adds to those in {@code events}, which takes them too. */
    private List<Column> columns(Scope events) {
        YamlValue value = fields.optional("columns");
        if (fields.isMisspelt("columns") || fields.has("columns") && !(value instanceof YamlValue.Mapping)) {
            events.markIncomplete();
        }
        return new ColumnReader(events, problems).read(fields.members("columns", value));
    }

    private List<DerivedFeature> derived(Outputs outputs) {
        YamlValue value = fields.optional("derived");
        if (fields.isMisspelt("derived")) {
            outputs.markIncomplete();
        }
        return new DerivedReader(outputs, problems).read(fields.list("derived", value));
    }

    private List<String> tags() {
        List<String> tags = new ArrayList<>();
        for (YamlValue element : fields.list("tags", fields.optional("tags"))) {
            if (element instanceof Scalar scalar && scalar.kind() == YamlValue.ScalarKind.STRING) {
                tags.add(scalar.text());
            } else {
                problems.report(element.place(), "A tag must be a text, not " + element.describe() + ".");
            }
        }
        return tags;
    }

    private FeatureView.History history() {
        YamlValue value = fields.optional("history");
        Fields history = value == null ? null : Fields.of(value, "'history'", List.of("retention", "every"), problems);
        return history == null
                ? FeatureView.History.FULL
                : new FeatureView.History(
                        history.optionalDuration("retention", POSITIVE), history.optionalDuration("every", POSITIVE));
    }
}
