package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds views of the entity {@code user} on a source that has a column of every type. Windows are in milliseconds. */
public final class ViewBuilder {
    /** The columns of the source. */
    public static final Map<String, DataType> SCHEMA = schema();

    private static final Entity USER = new Entity("user", Map.of("user", DataType.STRING));

    private final List<Column> columns = new ArrayList<>();
    private final List<Feature> features = new ArrayList<>();
    private final Map<String, DataType> variables = new LinkedHashMap<>(SCHEMA);
    private @Nullable Duration every;
    private Duration allowedLateness = Duration.ZERO;
    private @Nullable Expression where;

    private static Map<String, DataType> schema() {
        Map<String, DataType> schema = new LinkedHashMap<>();
        schema.put("time", DataType.TIMESTAMP);
        schema.put("user", DataType.STRING);
        schema.put("n", DataType.LONG);
        schema.put("x", DataType.DOUBLE);
        schema.put("d", new DataType.Decimal(38, 2));
        schema.put("name", DataType.STRING);
        schema.put("at", DataType.TIMESTAMP);
        schema.put("flag", DataType.BOOLEAN);
        schema.put("raw", DataType.BYTES);
        schema.put("words", new DataType.ListOf(DataType.STRING));
        return schema;
    }

    /** The key of a user as {@link dev.tidemark.engine.JoinKeys} writes it. */
    public static String key(String user) {
        return dev.tidemark.engine.JoinKeys.encode(USER, List.of(user));
    }

    /** A window without an offset. */
    public static Window.Sliding window(long length, long step) {
        return window(length, step, 0);
    }

    public static Window.Sliding window(long length, long step, long offset) {
        return new Window.Sliding(Duration.ofMillis(length), Duration.ofMillis(step), Duration.ofMillis(offset));
    }

    public ViewBuilder lateness(long millis) {
        allowedLateness = Duration.ofMillis(millis);
        return this;
    }

    /** A condition on the source's columns and the computed columns before it. */
    public Expression condition(String text) {
        return new Expression(text, DataType.BOOLEAN, variables);
    }

    public ViewBuilder where(@Nullable String text) {
        where = text == null ? null : condition(text);
        return this;
    }

    public ViewBuilder column(String name, DataType type, String text) {
        columns.add(new Column.Computed(name, new Expression(text, type, variables)));
        variables.put(name, type);
        return this;
    }

    public ViewBuilder column(Column column) {
        columns.add(column);
        variables.put(column.name(), column.type());
        return this;
    }

    /** A feature without condition and default. */
    public ViewBuilder feature(Aggregate aggregate, @Nullable String column, Window window) {
        return feature(aggregate, column, window, null, null);
    }

    /** A feature; it is named {@code f_0}, {@code f_1} and so on. */
    public ViewBuilder feature(
            Aggregate aggregate,
            @Nullable String column,
            Window window,
            @Nullable String condition,
            @Nullable Serializable defaultValue) {
        features.add(new Feature(
                "f_" + features.size(),
                type(aggregate, column == null ? DataType.BOOLEAN : variables.get(column)),
                aggregate,
                column,
                window,
                condition == null ? null : condition(condition),
                defaultValue,
                null));
        return this;
    }

    public ViewBuilder every(@Nullable Duration interval) {
        every = interval;
        return this;
    }

    public FeatureView build() {
        Source source = new Source(
                "events",
                "events",
                Source.Format.JSON,
                SCHEMA,
                new Source.EventTime("time", Source.Unit.INSTANT),
                allowedLateness,
                Duration.ofSeconds(30));
        return new FeatureView(
                "view",
                1,
                USER,
                source,
                null,
                null,
                List.of(),
                null,
                where,
                columns,
                features,
                List.of(),
                new FeatureView.History(null, every));
    }

    /** A view with other features. */
    public static FeatureView withFeatures(FeatureView view, List<Feature> features) {
        return new FeatureView(
                view.name(),
                view.version(),
                view.entity(),
                view.source(),
                view.owner(),
                view.description(),
                view.tags(),
                view.ttl(),
                view.where(),
                view.columns(),
                features,
                view.derived(),
                view.history());
    }

    private static DataType type(Aggregate aggregate, DataType input) {
        if (aggregate == Aggregate.Plain.SUM && input instanceof DataType.Decimal decimal) {
            return new DataType.Decimal(38, decimal.scale());
        }
        return switch (aggregate.spelling()) {
            case "count", "count_distinct", "approx_count_distinct" -> DataType.LONG;
            case "avg", "variance", "variance_sample", "stddev", "stddev_sample", "rate" -> DataType.DOUBLE;
            case "approx_percentile", "ema", "decayed_sum", "decayed_avg" -> DataType.DOUBLE;
            case "first_n", "last_n", "top_k" -> new DataType.ListOf(input);
            case "histogram" -> DataType.STRING;
            default -> input;
        };
    }
}
