package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Views on the columns of {@link ViewBuilder#SCHEMA}. */
final class RandomViews {
    private static final List<String> ORDERED =
            List.of("n", "x", "d", "name", "at", "more", "twice", "change", "gap", "smooth");
    private static final List<String> NUMBERS =
            List.of("n", "x", "d", "more", "twice", "change", "drift", "gap", "smooth", "signal");
    private static final List<String> SINGLE =
            List.of("n", "x", "d", "name", "at", "flag", "raw", "more", "twice", "previous", "signal");
    private static final List<String> ALL = List.of(
            "n", "x", "d", "name", "at", "flag", "raw", "words", "more", "twice", "previous", "change", "signal");

    /** Columns that look back, in an order in which each uses only earlier ones. */
    private static final List<Column> LOOKING_BACK = List.of(
            new Column.Lag("previous", "name", DataType.STRING),
            new Column.Delta("change", "n", DataType.LONG),
            new Column.Delta("drift", "x", DataType.DOUBLE),
            new Column.Delta("gap", "d", ViewBuilder.SCHEMA.get("d")),
            new Column.Ema("smooth", "x", 0.25),
            new Column.Ema("signal", "change", 2.0 / 3));

    private static final String[] CONDITIONS = {"flag", "!flag", "n > 0", "!(x < 1.0)", "name == \"a\"", "more != 3"};
    private static final Map<String, Serializable> DEFAULTS =
            Map.of("n", 7L, "more", -7L, "x", -1.5, "twice", 0.0, "name", "none", "flag", false);

    private RandomViews() {}

    static Arbitrary<FeatureView> views(long unit, long lateness) {
        return Combinators.combine(
                        features(unit).list().ofMinSize(1).ofMaxSize(5),
                        Arbitraries.of("flag", "n != 2").injectNull(0.8),
                        Arbitraries.of(1L, 3L, 50L)
                                .map(n -> Duration.ofMillis(n * unit))
                                .injectNull(0.8))
                .as((features, where, every) -> {
                    ViewBuilder view =
                            new ViewBuilder().lateness(lateness).where(where).every(every);
                    // Compiling an expression takes longer than all else in a small scenario, so none is there for
                    // nothing.
                    if (features.stream().anyMatch(feature -> feature.uses("more"))) {
                        view.column("more", DataType.LONG, "n + 1");
                    }
                    if (features.stream().anyMatch(feature -> feature.uses("twice"))) {
                        view.column("twice", DataType.DOUBLE, "x * 2.0");
                    }
                    for (Column column : LOOKING_BACK) {
                        if (features.stream().anyMatch(feature -> feature.uses(column.name()))) {
                            column(view, column);
                        }
                    }
                    features.forEach(feature -> feature.addTo(view));
                    return view.build();
                });
    }

    private static void column(ViewBuilder view, Column column) {
        if (column.name().equals("signal")) {
            view.column(new Column.Delta("change_before", "n", DataType.LONG));
            view.column(new Column.Ema("signal", "change_before", 2.0 / 3));
        } else {
            view.column(column);
        }
    }

    private static Arbitrary<RandomFeature> features(long unit) {
        return aggregates(unit).flatMap(aggregate -> Combinators.combine(
                        columns(aggregate),
                        windows(aggregate, unit),
                        Arbitraries.of(CONDITIONS).injectNull(0.85),
                        Arbitraries.of(true, false))
                .as((column, window, condition, hasDefault) -> new RandomFeature(
                        aggregate, column, window, condition, hasDefault ? defaultValue(aggregate, column) : null)));
    }

    private static Arbitrary<Aggregate> aggregates(long unit) {
        Arbitrary<Aggregate> plain = Arbitraries.of(Aggregate.Plain.values()).map(aggregate -> aggregate);
        Arbitrary<Integer> few = Arbitraries.integers().between(1, 3);
        Arbitrary<Aggregate> withParameter = Arbitraries.oneOf(
                few.map(Aggregate.FirstN::new),
                few.map(Aggregate.LastN::new),
                few.map(Aggregate.TopK::new),
                few.map(Aggregate.Histogram::new),
                Arbitraries.of(0.01, 0.5, 0.9, 0.999).map(Aggregate.ApproxPercentile::new),
                Arbitraries.of(2.0 / 13, 1.0 / 14, 0.5, 1.0).map(Aggregate.Ema::new),
                halfLives(unit).map(Aggregate.DecayedSum::new),
                halfLives(unit).map(Aggregate.DecayedAvg::new),
                Arbitraries.of(1L, 7L, 1_000L, 3 * unit).map(per -> new Aggregate.Rate(Duration.ofMillis(per))));
        return Arbitraries.frequencyOf(Tuple.of(2, plain), Tuple.of(1, withParameter));
    }

    private static Arbitrary<Duration> halfLives(long unit) {
        return Arbitraries.of(1L, 3L, unit, 5 * unit + 1, 1_000 * unit).map(Duration::ofMillis);
    }

    private static Arbitrary<@Nullable String> columns(Aggregate aggregate) {
        return switch (aggregate.spelling()) {
            case "count" -> Arbitraries.of(ALL).injectNull(0.5);
            case "rate" -> Arbitraries.of(NUMBERS).injectNull(0.5);
            case "min", "max" -> Arbitraries.of(ORDERED);
            case "first", "last" -> Arbitraries.of(ALL);
            case "count_distinct", "approx_count_distinct", "histogram" -> Arbitraries.of(SINGLE);
            case "first_n", "last_n", "top_k" -> Arbitraries.of(SINGLE);
            default -> Arbitraries.of(NUMBERS);
        };
    }

    private static @Nullable Serializable defaultValue(Aggregate aggregate, @Nullable String column) {
        return switch (aggregate.spelling()) {
            case "count", "count_distinct", "first_n", "last_n", "top_k" -> null;
            case "approx_count_distinct" -> 0L;
            case "sum", "min", "max", "first", "last" -> column == null ? null : DEFAULTS.get(column);
            case "histogram" -> "{}";
            default -> 0.25;
        };
    }

    private static Arbitrary<Window> windows(Aggregate aggregate, long unit) {
        return Arbitraries.frequencyOf(
                Tuple.of(6, windowsOfOneLength(unit)),
                Tuple.of(1, civil()),
                // A rate over a lifetime has no meaning.
                Tuple.of(aggregate instanceof Aggregate.Rate ? 0 : 1, Arbitraries.just(new Window.Lifetime())));
    }

    private static Arbitrary<Window> windowsOfOneLength(long unit) {
        Arbitrary<Window> sliding = lengths(unit, 1)
                .flatMap(length -> Combinators.combine(steps(unit, length), offsets(unit))
                        .as((step, offset) -> ViewBuilder.window(length, step, offset)));
        Arbitrary<Window> tumbling =
                lengths(unit, 1).map(length -> new Window.Tumbling(Duration.ofMillis(length), null, null));
        return Arbitraries.frequencyOf(Tuple.of(5, sliding), Tuple.of(1, tumbling));
    }

    /** Days of 23 to 25 hours, a zone a quarter of an hour off, one that shifts by half an hour, one that skips midnight. */
    static Arbitrary<Window> civil() {
        return Combinators.combine(
                        Arbitraries.of(Window.CivilUnit.class),
                        Arbitraries.of(
                                "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"))
                .as((unit, zone) -> new Window.Tumbling(Duration.ofDays(1), unit, ZoneId.of(zone)));
    }

    static Arbitrary<Long> lengths(long unit, long least) {
        Arbitrary<Long> units = Arbitraries.longs().between(least, 30);
        Arbitrary<Long> odd = Arbitraries.longs().between(0, unit - 1);
        return Arbitraries.oneOf(
                units.map(n -> n * unit), Combinators.combine(units, odd).as((n, more) -> n * unit + more));
    }

    /** The default, exact, as long as the window, and any other: a step need not divide its window. */
    private static Arbitrary<Long> steps(long unit, long length) {
        return Arbitraries.oneOf(
                Arbitraries.just(defaultStep(length)),
                Arbitraries.of(1L, unit, length),
                Arbitraries.longs().between(1, length));
    }

    private static Arbitrary<Long> offsets(long unit) {
        return Arbitraries.oneOf(Arbitraries.just(0L), lengths(unit, 0));
    }

    /** The step of a window that does not state one. */
    static long defaultStep(long length) {
        if (length < TimeUnit.SECONDS.toMillis(10)) {
            return 1;
        } else if (length < TimeUnit.MINUTES.toMillis(2)) {
            return TimeUnit.SECONDS.toMillis(1);
        } else if (length <= TimeUnit.HOURS.toMillis(1)) {
            return TimeUnit.SECONDS.toMillis(10);
        } else if (length <= TimeUnit.DAYS.toMillis(1)) {
            return TimeUnit.MINUTES.toMillis(5);
        } else if (length <= TimeUnit.DAYS.toMillis(7)) {
            return TimeUnit.MINUTES.toMillis(30);
        }
        return TimeUnit.HOURS.toMillis(length <= TimeUnit.DAYS.toMillis(30) ? 2 : 6);
    }

    private record RandomFeature(
            Aggregate aggregate,
            @Nullable String column,
            Window window,
            @Nullable String condition,
            @Nullable Serializable defaultValue) {
        boolean uses(String name) {
            return name.equals(column) || condition != null && condition.contains(name);
        }

        void addTo(ViewBuilder view) {
            view.feature(aggregate, column, window, condition, defaultValue);
        }
    }
}
