package dev.tidemark.defs;

import static dev.tidemark.defs.CanonicalJson.put;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One feature in canonical form: a declaration with at most one window and one percentile. */
final class CanonicalFeature {
    /** A name that ends as a window names it. The shortest beginning is the base. */
    private static final Pattern NAMED_BY_WINDOW =
            Pattern.compile("(.+?)_((?:each_)?[0-9]+[a-z]+(?:_ago_[0-9]+[a-z]+)?)");

    private CanonicalFeature() {}

    static Map<String, Object> of(Feature feature) {
        Map<String, Object> json = new TreeMap<>();
        aggregate(feature.aggregate(), json);
        put(json, "column", feature.column());
        put(json, "where", CanonicalJson.text(feature.where()));
        put(json, "default", defaultValue(feature.defaultValue()));
        put(json, "description", feature.description());
        if (feature.window() instanceof Window.Lifetime) {
            json.put("name", feature.name());
        } else {
            // Every windowed feature's name has an underscore, and what follows it may follow 'as'.
            Matcher matcher = NAMED_BY_WINDOW.matcher(feature.name());
            int split = matcher.matches() ? matcher.end(1) : feature.name().lastIndexOf('_');
            json.put("name", feature.name().substring(0, split));
            Map<String, Object> window = window(feature.window());
            window.put("as", feature.name().substring(split + 1));
            json.put("windows", List.of(window));
        }
        return json;
    }

    private static Map<String, Object> window(Window window) {
        Map<String, Object> json = new TreeMap<>();
        if (window instanceof Window.Sliding sliding) {
            json.put("length", Durations.format(sliding.length()));
            json.put("step", Durations.format(sliding.step()));
            json.put("offset", Durations.format(sliding.offset()));
        } else if (window instanceof Window.Tumbling tumbling) {
            boolean month = tumbling.unit() == Window.CivilUnit.MONTH;
            json.put("tumbling", month ? "1mo" : Durations.format(tumbling.length()));
            put(
                    json,
                    "time_zone",
                    tumbling.zone() == null ? null : tumbling.zone().getId());
        }
        return json;
    }

    private static void aggregate(Aggregate aggregate, Map<String, Object> json) {
        json.put("aggregate", aggregate.spelling());
        if (aggregate instanceof Aggregate.FirstN first) {
            json.put("n", first.n());
        } else if (aggregate instanceof Aggregate.LastN last) {
            json.put("n", last.n());
        } else if (aggregate instanceof Aggregate.TopK top) {
            json.put("k", top.k());
        } else if (aggregate instanceof Aggregate.ApproxPercentile percentile) {
            json.put("p", percentile.p());
        } else if (aggregate instanceof Aggregate.Histogram histogram) {
            json.put("limit", histogram.limit());
        } else if (aggregate instanceof Aggregate.Ema ema) {
            json.put("smoothing", ema.smoothing());
        } else if (aggregate instanceof Aggregate.DecayedSum sum) {
            json.put("half_life", format(sum.halfLife()));
        } else if (aggregate instanceof Aggregate.DecayedAvg avg) {
            json.put("half_life", format(avg.halfLife()));
        } else if (aggregate instanceof Aggregate.Rate rate) {
            json.put("per", format(rate.unit()));
        }
    }

    private static String format(Duration duration) {
        return Durations.format(duration);
    }

    private static @Nullable Object defaultValue(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof Instant instant ? instant.toString() : value;
    }
}
