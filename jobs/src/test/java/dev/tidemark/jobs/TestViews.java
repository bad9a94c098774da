package dev.tidemark.jobs;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Definitions for tests: payments by card, and by merchant and country. */
public final class TestViews {
    public static final Duration LATENESS = Duration.ofSeconds(10);

    private TestViews() {}

    public static Source payments(String topic) {
        return payments(topic, Duration.ofSeconds(30));
    }

    public static Source payments(String topic, Duration idleTimeout) {
        Map<String, DataType> schema = new LinkedHashMap<>();
        schema.put("time", DataType.TIMESTAMP);
        schema.put("card", DataType.STRING);
        schema.put("merchant", DataType.LONG);
        schema.put("country", DataType.STRING);
        schema.put("amount", DataType.DOUBLE);
        return new Source(
                "payments",
                topic,
                Source.Format.JSON,
                schema,
                new Source.EventTime("time", Source.Unit.INSTANT),
                LATENESS,
                idleTimeout);
    }

    /** Named after its topic, so that tests which share stores do not share tables. */
    public static FeatureView byCard(Source source) {
        return view(
                "card_" + source.topic(),
                new Entity("card", Map.of("card", DataType.STRING)),
                source,
                List.of(
                        feature("payments_1m", DataType.LONG, Aggregate.Plain.COUNT, null, sliding(60, 1)),
                        feature("amount_1m", DataType.DOUBLE, Aggregate.Plain.SUM, "amount", sliding(60, 1)),
                        feature("amount_1h", DataType.DOUBLE, Aggregate.Plain.MAX, "amount", sliding(3600, 10)),
                        feature(
                                "last_country",
                                DataType.STRING,
                                Aggregate.Plain.LAST,
                                "country",
                                new Window.Lifetime())));
    }

    public static FeatureView byMerchant(Source source) {
        Map<String, DataType> keys = new LinkedHashMap<>();
        keys.put("merchant", DataType.LONG);
        keys.put("country", DataType.STRING);
        return view(
                "merchant_" + source.topic(),
                new Entity("merchant", keys),
                source,
                List.of(
                        feature("payments_10m", DataType.LONG, Aggregate.Plain.COUNT, null, sliding(600, 10)),
                        feature("amount_10m", DataType.DOUBLE, Aggregate.Plain.AVG, "amount", sliding(600, 10))));
    }

    public static Definitions definitions(Source source, FeatureView... views) {
        return new Definitions(List.of(source), List.of(), List.of(views), List.of(), List.of());
    }

    /** A payment as a record's value. */
    public static String payment(long time, String card, Long merchant, String country, double amount) {
        return "{\"time\":\"" + java.time.Instant.ofEpochMilli(time) + "\",\"card\":" + quoted(card) + ",\"merchant\":"
                + merchant + ",\"country\":" + quoted(country) + ",\"amount\":" + amount + "}";
    }

    private static String quoted(String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    private static FeatureView view(String name, Entity entity, Source source, List<Feature> features) {
        return new FeatureView(
                name,
                1,
                entity,
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

    private static Feature feature(String name, DataType type, Aggregate aggregate, String column, Window window) {
        return new Feature(name, type, aggregate, column, window, null, null, null);
    }

    private static Window sliding(long seconds, long step) {
        return new Window.Sliding(Duration.ofSeconds(seconds), Duration.ofSeconds(step), Duration.ZERO);
    }
}
