package dev.tidemark.benchmarks;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.ViewPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The views that are measured: every aggregate of every column over every window. */
public final class Views {
    /** How far apart the instants are at which all but exact windows move. */
    public static final Duration STEP = Duration.ofMinutes(1);

    /** The step of an exact window. */
    static final Duration EXACT = Duration.ofMillis(1);

    public static final String AMOUNT = "amount";
    static final String QUANTITY = "quantity";
    public static final List<Aggregate.Plain> FIVE = List.of(
            Aggregate.Plain.COUNT, Aggregate.Plain.SUM, Aggregate.Plain.AVG, Aggregate.Plain.MIN, Aggregate.Plain.MAX);

    private Views() {}

    public static FeatureView of(
            List<Duration> windows, Duration step, List<Aggregate.Plain> aggregates, List<String> columns) {
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
                    features.add(feature(aggregate, column, Objects.requireNonNull(schema.get(column)), window, step));
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

    /** What the events give to a plan, as many as there are different ones. */
    static List<Object[]> inputs(ViewPlan plan) {
        return IntStream.range(0, Workload.VALUES)
                .mapToObj(number -> inputs(plan, number))
                .toList();
    }

    private static Object[] inputs(ViewPlan plan, long number) {
        return plan.inputs().stream()
                .map(input -> AMOUNT.equals(input.column())
                        ? (Object) Workload.amount(number)
                        : (Object) Workload.quantity(number))
                .toArray();
    }

    private static Feature feature(
            Aggregate.Plain aggregate, String column, DataType columnType, Duration window, Duration step) {
        DataType type =
                switch (aggregate) {
                    case COUNT -> DataType.LONG;
                    case AVG -> DataType.DOUBLE;
                    default -> columnType;
                };
        String name = column + "_" + aggregate.spelling() + "_" + window.toMinutes() + "m";
        return new Feature(
                name, type, aggregate, column, new Window.Sliding(window, step, Duration.ZERO), null, null, null);
    }
}
