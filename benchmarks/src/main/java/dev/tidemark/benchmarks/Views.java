package dev.tidemark.benchmarks;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The views that are measured: every aggregate of every column over every window, all with one-minute steps. */
final class Views {
    static final Duration STEP = Duration.ofMinutes(1);
    static final String AMOUNT = "amount";
    static final String QUANTITY = "quantity";
    static final List<Aggregate.Plain> FIVE = List.of(
            Aggregate.Plain.COUNT, Aggregate.Plain.SUM, Aggregate.Plain.AVG, Aggregate.Plain.MIN, Aggregate.Plain.MAX);

    private Views() {}

    static FeatureView of(List<Duration> windows, List<Aggregate.Plain> aggregates, List<String> columns) {
        Map<String, DataType> schema = new LinkedHashMap<>();
        schema.put("time", DataType.TIMESTAMP);
        schema.put("key", DataType.STRING);
        schema.put(AMOUNT, DataType.DOUBLE);
        schema.put(QUANTITY, DataType.LONG);
        Source source = new Source(
                "events",
                "events",
                Source.Format.JSON,
                schema,
                new Source.EventTime("time", Source.Unit.INSTANT),
                Duration.ZERO,
                Duration.ofSeconds(30));
        List<Feature> features = new ArrayList<>();
        for (Duration window : windows) {
            for (String column : columns) {
                for (Aggregate.Plain aggregate : aggregates) {
                    features.add(feature(aggregate, column, Objects.requireNonNull(schema.get(column)), window));
                }
            }
        }
        return new FeatureView(
                "measured",
                1,
                new Entity("key", Map.of("key", DataType.STRING)),
                source,
                null,
                null,
                List.of(),
                null,
                null,
                List.of(),
                features,
                List.of(),
                FeatureView.History.FULL);
    }

    private static Feature feature(Aggregate.Plain aggregate, String column, DataType columnType, Duration window) {
        DataType type =
                switch (aggregate) {
                    case COUNT -> DataType.LONG;
                    case AVG -> DataType.DOUBLE;
                    default -> columnType;
                };
        String name = column + "_" + aggregate.spelling() + "_" + window.toMinutes() + "m";
        return new Feature(
                name, type, aggregate, column, new Window.Sliding(window, STEP, Duration.ZERO), null, null, null);
    }
}
