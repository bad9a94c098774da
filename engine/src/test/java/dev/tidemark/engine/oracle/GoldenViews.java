package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Views and a log that never change, as states of them are kept in files. Another aggregate wants a view of its own here. */
public final class GoldenViews {
    private static final long LATENESS = 2_000;
    private static final int EVENTS = 180;

    private GoldenViews() {}

    /** All views by the names of the files. */
    public static Map<String, FeatureView> all() {
        Map<String, FeatureView> views = new LinkedHashMap<>();
        views.put("every-aggregate", everyAggregate());
        views.put("looking-back", lookingBack());
        return views;
    }

    /** Each aggregate over windows of every kind. */
    public static FeatureView everyAggregate() {
        ViewBuilder view = new ViewBuilder().lateness(LATENESS);
        for (Window window : windows()) {
            for (Plain aggregate : List.of(Plain.COUNT, Plain.SUM, Plain.AVG, Plain.MIN, Plain.MAX, Plain.VARIANCE)) {
                view.feature(aggregate, "n", window).feature(aggregate, "x", window);
            }
            view.feature(Plain.SUM, "d", window)
                    .feature(Plain.VARIANCE_SAMPLE, "d", window)
                    .feature(Plain.STDDEV, "x", window)
                    .feature(Plain.STDDEV_SAMPLE, "n", window)
                    .feature(Plain.FIRST, "name", window)
                    .feature(Plain.LAST, "raw", window)
                    .feature(new Aggregate.FirstN(3), "at", window)
                    .feature(new Aggregate.LastN(3), "name", window)
                    .feature(Plain.COUNT_DISTINCT, "name", window)
                    .feature(Plain.APPROX_COUNT_DISTINCT, "n", window)
                    .feature(new Aggregate.TopK(2), "n", window)
                    .feature(new Aggregate.Histogram(2), "flag", window)
                    .feature(new Aggregate.ApproxPercentile(0.9), "x", window)
                    .feature(new Aggregate.Ema(2.0 / 13), "x", window)
                    .feature(new Aggregate.DecayedSum(Duration.ofSeconds(7)), "n", window)
                    .feature(new Aggregate.DecayedAvg(Duration.ofSeconds(7)), "x", window);
            if (!(window instanceof Window.Lifetime)) {
                view.feature(new Aggregate.Rate(Duration.ofSeconds(7)), "n", window);
            }
        }
        return view.build();
    }

    /** Columns that look back, conditions, defaults. */
    public static FeatureView lookingBack() {
        ViewBuilder view = new ViewBuilder()
                .lateness(LATENESS)
                .where("n != 2")
                .column(new Column.Lag("previous", "name", DataType.STRING))
                .column(new Column.Delta("change", "n", DataType.LONG))
                .column(new Column.Ema("smooth", "x", 0.25))
                .column("more", DataType.LONG, "n + 1");
        for (Window window : windows()) {
            view.feature(Plain.LAST, "previous", window)
                    .feature(Plain.SUM, "change", window, "flag", 7L)
                    .feature(Plain.MAX, "smooth", window)
                    .feature(Plain.COUNT, "more", window, "more > 0", null);
        }
        return view.build();
    }

    private static List<Window> windows() {
        return List.of(
                ViewBuilder.window(30_000, 1_000),
                ViewBuilder.window(20_000, 1),
                ViewBuilder.window(60_000, 7_000, 15_000),
                new Window.Tumbling(Duration.ofSeconds(20), null, null),
                new Window.Tumbling(Duration.ofDays(1), Window.CivilUnit.DAY, ZoneId.of("Europe/Berlin")),
                new Window.Lifetime());
    }

    /** Events of two users in two partitions, none of them late, in an order in which they may be read. */
    public static List<LogEvent> log() {
        Random random = new Random(1); // Which gives the same numbers everywhere.
        List<LogEvent> log = new ArrayList<>();
        long clock = 1_700_000_000_000L;
        for (int i = 0; i < EVENTS; i++) {
            clock += random.nextInt(40) == 0 ? 50_000 : random.nextInt(900);
            log.add(new LogEvent(i % 2, i, clock - random.nextInt(1_000), columns(random)));
        }
        return log;
    }

    private static Map<String, @Nullable Object> columns(Random random) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("user", random.nextInt(4) == 0 ? "bob" : "ann");
        columns.put("n", (long) random.nextInt(20) - 9);
        columns.put("x", random.nextInt(1_000) / 7.0 - 20);
        columns.put("d", BigDecimal.valueOf(random.nextInt(100_000), 2));
        columns.put("name", List.of("a", "bc", "é", "😀", "").get(random.nextInt(5)));
        columns.put("at", Instant.ofEpochMilli(random.nextInt(1_000)));
        columns.put("flag", random.nextBoolean());
        columns.put("raw", new byte[] {(byte) random.nextInt(), 7});
        if (random.nextInt(5) == 0) {
            columns.remove(List.of("n", "x", "d", "name", "flag").get(random.nextInt(5)));
        }
        return columns;
    }
}
