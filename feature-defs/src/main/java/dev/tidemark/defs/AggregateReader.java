package dev.tidemark.defs;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.YamlValue.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the aggregate of a feature with its parameters. */
final class AggregateReader {
    /** The parameters, by the aggregates that take them. */
    private static final Map<String, List<String>> PARAMETERS = parameters();

    /** What other languages call the same thing. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("mean", "avg"),
            Map.entry("average", "avg"),
            Map.entry("minimum", "min"),
            Map.entry("maximum", "max"),
            Map.entry("total", "sum"),
            Map.entry("distinct", "count_distinct"),
            Map.entry("unique", "count_distinct"),
            Map.entry("nunique", "count_distinct"),
            Map.entry("std", "stddev"),
            Map.entry("var", "variance"),
            Map.entry("latest", "last"),
            Map.entry("median", "approx_percentile"),
            Map.entry("percentile", "approx_percentile"),
            Map.entry("quantile", "approx_percentile"),
            Map.entry("ewma", "ema"));

    private static final long MOST_VALUES = 1_000;
    private static final long MOST_COUNTS = 10_000;

    private final Fields fields;
    private final Problems problems;

    private AggregateReader(Fields fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /**
     * An aggregate and what it adds to the name of a feature.
     *
     * @param suffix without the underscore before it; empty for most
     */
    record Named(String suffix, Aggregate aggregate) {}

    /** The names of all parameters. */
    static List<String> allParameters() {
        return PARAMETERS.values().stream().flatMap(List::stream).distinct().toList();
    }

    /** One aggregate, several for several percentiles, none if it is broken, which is reported. */
    static List<Named> read(Fields fields, Problems problems) {
        String spelling = fields.requiredText("aggregate");
        if (spelling == null) {
            return List.of();
        }
        List<String> allowed = PARAMETERS.get(spelling);
        if (allowed == null) {
            String alias = ALIASES.get(spelling);
            problems.report(
                    fields.place("aggregate"),
                    "There is no aggregate '" + spelling + "'.",
                    alias != null
                            ? "Did you mean '" + alias + "'?"
                            : Suggestions.of(spelling, "aggregates", PARAMETERS.keySet()));
            return List.of();
        }
        AggregateReader reader = new AggregateReader(fields, problems);
        reader.refuseParametersBeyond(spelling, allowed);
        return spelling.equals("approx_percentile") ? reader.percentiles() : reader.single(spelling);
    }

    private void refuseParametersBeyond(String spelling, List<String> allowed) {
        for (String parameter : allParameters()) {
            if (fields.has(parameter) && !allowed.contains(parameter)) {
                List<String> takers = PARAMETERS.entrySet().stream()
                        .filter(entry -> entry.getValue().contains(parameter))
                        .map(Map.Entry::getKey)
                        .toList();
                problems.report(
                        fields.place(parameter),
                        "The aggregate " + spelling + " has no parameter '" + parameter + "'.",
                        "It belongs to: " + Suggestions.list(takers) + ".");
            }
        }
    }

    private List<Named> single(String spelling) {
        Aggregate aggregate = aggregate(spelling);
        return aggregate == null ? List.of() : List.of(new Named("", aggregate));
    }

    private @Nullable Aggregate aggregate(String spelling) {
        switch (spelling) {
            case "first_n" -> {
                Long n = fields.integer("n", fields.required("n"), 1, MOST_VALUES);
                return n == null ? null : new Aggregate.FirstN(n.intValue());
            }
            case "last_n" -> {
                Long n = fields.integer("n", fields.required("n"), 1, MOST_VALUES);
                return n == null ? null : new Aggregate.LastN(n.intValue());
            }
            case "top_k" -> {
                Long k = fields.integer("k", fields.required("k"), 1, MOST_VALUES);
                return k == null ? null : new Aggregate.TopK(k.intValue());
            }
            case "histogram" -> {
                Long limit = fields.integer("limit", fields.required("limit"), 1, MOST_COUNTS);
                return limit == null ? null : new Aggregate.Histogram(limit.intValue());
            }
            case "ema" -> {
                Double smoothing = Smoothing.read("an ema", fields, problems);
                return smoothing == null ? null : new Aggregate.Ema(smoothing);
            }
            case "decayed_sum", "decayed_avg" -> {
                Duration halfLife = duration("half_life");
                if (halfLife == null) {
                    return null;
                }
                return spelling.equals("decayed_sum")
                        ? new Aggregate.DecayedSum(halfLife)
                        : new Aggregate.DecayedAvg(halfLife);
            }
            case "rate" -> {
                Duration per = duration("per");
                return per == null ? null : new Aggregate.Rate(per);
            }
            default -> {
                return plain(spelling);
            }
        }
    }

    private static Plain plain(String spelling) {
        for (Plain plain : Plain.values()) {
            if (plain.spelling().equals(spelling)) {
                return plain;
            }
        }
        throw new IllegalStateException("No such aggregate: " + spelling);
    }

    private @Nullable Duration duration(String parameter) {
        return fields.duration(parameter, fields.required(parameter), Duration.ofMillis(1));
    }

    /** One percentile has no suffix; several have one each, as their names must differ. */
    private List<Named> percentiles() {
        YamlValue value = fields.required("p");
        if (!(value instanceof YamlValue.Sequence sequence)) {
            Double p = percentile(value);
            return p == null ? List.of() : List.of(new Named("", new Aggregate.ApproxPercentile(p)));
        }
        Map<Double, Named> read = new LinkedHashMap<>();
        boolean several = sequence.elements().size() > 1;
        boolean clean = true;
        for (YamlValue element : sequence.elements()) {
            Double p = percentile(element);
            if (p == null) {
                clean = false;
            } else if (read.put(p, new Named(several ? suffix(p) : "", new Aggregate.ApproxPercentile(p))) != null) {
                problems.report(element.place(), "The percentile " + ((Scalar) element).text() + " is given twice.");
            }
        }
        if (sequence.elements().isEmpty()) {
            problems.report(sequence.place(), "'p' names no percentile.", "Write, for example, p: [0.5, 0.99].");
        }
        return clean ? new ArrayList<>(read.values()) : List.of();
    }

    private @Nullable Double percentile(@Nullable YamlValue value) {
        Double p = fields.number("p", value);
        if (value != null && p != null && (p <= 0 || p >= 1)) {
            problems.report(
                    value.place(),
                    "'p' must lie between 0 and 1, not " + value.describe() + ".",
                    p > 1 && p < 100
                            ? "Did you mean "
                                    + new BigDecimal(p.toString())
                                            .movePointLeft(2)
                                            .stripTrailingZeros()
                                            .toPlainString() + "?"
                            : "For the ends use min and max.");
            return null;
        }
        return p;
    }

    /** 0.5 is {@code p50}, 0.999 is {@code p99_9}. */
    static String suffix(double p) {
        BigDecimal percent =
                new BigDecimal(NumberOutput.toString(p, true)).movePointRight(2).stripTrailingZeros();
        return "p" + percent.toPlainString().replace('.', '_');
    }

    private static Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (Plain plain : Plain.values()) {
            parameters.put(plain.spelling(), List.of());
        }
        parameters.put("first_n", List.of("n"));
        parameters.put("last_n", List.of("n"));
        parameters.put("approx_percentile", List.of("p"));
        parameters.put("top_k", List.of("k"));
        parameters.put("histogram", List.of("limit"));
        parameters.put("ema", Smoothing.FIELDS);
        parameters.put("decayed_sum", List.of("half_life"));
        parameters.put("decayed_avg", List.of("half_life"));
        parameters.put("rate", List.of("per"));
        return parameters;
    }
}
