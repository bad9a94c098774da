package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of a feature for the values in its window. */
final class OracleAggregates {
    private static final int MOST_DECIMAL_DIGITS = 38;

    private OracleAggregates() {}

    /**
     * Computes one value.
     *
     * @param type the type of the aggregated column; of no meaning for a count
     * @param inputs the column's values without nulls, in the order of the events; for a count of events one object each
     * @param times of the inputs' events
     */
    static @Nullable Object value(Feature feature, DataType type, List<Object> inputs, List<Long> times) {
        if (feature.aggregate() == Aggregate.Plain.COUNT) {
            return (long) inputs.size();
        } else if (feature.aggregate() == Aggregate.Plain.COUNT_DISTINCT) {
            return new OracleCounts(inputs).distinct();
        }
        if (inputs.isEmpty()) {
            return feature.defaultValue();
        }
        if (feature.aggregate() == Aggregate.Plain.APPROX_COUNT_DISTINCT) {
            return OracleSketches.distinct(type, inputs);
        }
        if (feature.aggregate() instanceof Aggregate.Plain plain) {
            switch (plain) {
                case SUM:
                    return sum(type, inputs);
                case AVG:
                    return average(type, inputs);
                case MIN:
                    return Collections.min(inputs, OracleAggregates::compare);
                case MAX:
                    return Collections.max(inputs, OracleAggregates::compare);
                case FIRST:
                    return inputs.get(0);
                case LAST:
                    return inputs.get(inputs.size() - 1);
                case VARIANCE:
                    return variance(type, inputs, 0).value();
                case VARIANCE_SAMPLE:
                    return inputs.size() == 1 ? null : variance(type, inputs, 1).value();
                case STDDEV:
                    return variance(type, inputs, 0).root();
                case STDDEV_SAMPLE:
                    return inputs.size() == 1 ? null : variance(type, inputs, 1).root();
                default:
                    break;
            }
        } else if (feature.aggregate() instanceof Aggregate.FirstN first) {
            return inputs.subList(0, Math.min(first.n(), inputs.size()));
        } else if (feature.aggregate() instanceof Aggregate.LastN last) {
            List<Object> newestFirst = new ArrayList<>(inputs);
            Collections.reverse(newestFirst);
            return newestFirst.subList(0, Math.min(last.n(), inputs.size()));
        } else if (feature.aggregate() instanceof Aggregate.TopK top) {
            return new OracleCounts(inputs).top(top.k());
        } else if (feature.aggregate() instanceof Aggregate.Histogram histogram) {
            return new OracleCounts(inputs).histogram(histogram.limit());
        } else if (feature.aggregate() instanceof Aggregate.Rate rate) {
            return rate(length(feature.window(), times.get(0)), feature.column() == null, rate, type, inputs);
        } else if (feature.aggregate() instanceof Aggregate.ApproxPercentile percentile) {
            return OracleSketches.middleOfBin(OracleSketches.percentile(percentile.p(), inputs));
        } else if (feature.aggregate() instanceof Aggregate.Ema ema) {
            return OracleFolds.ema(ema.smoothing(), inputs);
        } else if (feature.aggregate() instanceof Aggregate.DecayedSum sum) {
            return OracleFolds.decayedSum(sum.halfLife().toMillis(), inputs, times);
        } else if (feature.aggregate() instanceof Aggregate.DecayedAvg average) {
            return OracleFolds.decayedAverage(average.halfLife().toMillis(), inputs, times);
        }
        throw new UnsupportedOperationException(
                "The oracle cannot compute " + feature.aggregate().spelling() + " yet.");
    }

    private static @Nullable Object sum(DataType type, List<Object> inputs) {
        BigInteger sum = wholeSum(type, inputs);
        if (type == DataType.LONG) {
            return sum.bitLength() < Long.SIZE ? sum.longValue() : null;
        } else if (type instanceof DataType.Decimal decimal) {
            BigDecimal value = new BigDecimal(sum, decimal.scale());
            return value.precision() <= MOST_DECIMAL_DIGITS ? value : null;
        }
        return finite(ExactNumbers.quotient(sum, wholesPerOne(type)));
    }

    private static @Nullable Object average(DataType type, List<Object> inputs) {
        BigInteger count = BigInteger.valueOf(inputs.size());
        return finite(
                ExactNumbers.quotient(wholeSum(type, inputs), wholesPerOne(type).multiply(count)));
    }

    private static @Nullable Double rate(
            long length, boolean ofEvents, Aggregate.Rate rate, DataType type, List<Object> inputs) {
        BigInteger total = ofEvents ? BigInteger.valueOf(inputs.size()) : wholeSum(type, inputs);
        BigInteger one = ofEvents ? BigInteger.ONE : wholesPerOne(type);
        BigInteger unit = BigInteger.valueOf(rate.unit().toMillis());
        return new Ratio(total.multiply(unit), one.multiply(BigInteger.valueOf(length))).value();
    }

    /** How long a window is that has an event at a time. */
    private static long length(Window window, long time) {
        return window instanceof Window.Tumbling tumbling
                ? PeriodBounds.next(tumbling, time) - PeriodBounds.last(tumbling, time)
                : ((Window.Sliding) window).lengthMillis();
    }

    /** The mean square of the deviations from the average; {@code less} is taken off the count by which it divides. */
    private static Ratio variance(DataType type, List<Object> inputs, int less) {
        BigInteger count = BigInteger.valueOf(inputs.size());
        BigInteger sum = wholeSum(type, inputs);
        BigInteger squares = BigInteger.ZERO;
        for (Object input : inputs) {
            BigInteger deviation = whole(type, input).multiply(count).subtract(sum); // Times the count.
            squares = squares.add(deviation.pow(2));
        }
        BigInteger divisor = count.pow(2).multiply(count.subtract(BigInteger.valueOf(less)));
        return new Ratio(squares, divisor.multiply(wholesPerOne(type).pow(2)));
    }

    private record Ratio(BigInteger numerator, BigInteger denominator) {
        @Nullable
        Double value() {
            return finite(ExactNumbers.quotient(numerator, denominator));
        }

        @Nullable
        Double root() {
            return finite(ExactNumbers.root(numerator, denominator));
        }
    }

    /** The exact sum, counted in a unit of which every value of the type is a whole multiple. */
    private static BigInteger wholeSum(DataType type, List<Object> inputs) {
        BigInteger sum = BigInteger.ZERO;
        for (Object input : inputs) {
            sum = sum.add(whole(type, input));
        }
        return sum;
    }

    private static BigInteger whole(DataType type, Object input) {
        if (type == DataType.LONG) {
            return BigInteger.valueOf((Long) input);
        } else if (type == DataType.DOUBLE) {
            return ExactNumbers.units((Double) input);
        } else if (type instanceof DataType.Decimal decimal) {
            return ((BigDecimal) input).setScale(decimal.scale()).unscaledValue();
        }
        throw new IllegalArgumentException("Values of type " + type.spelling() + " cannot be added.");
    }

    private static BigInteger wholesPerOne(DataType type) {
        if (type == DataType.DOUBLE) {
            return ExactNumbers.UNITS_PER_ONE;
        } else if (type instanceof DataType.Decimal decimal) {
            return BigInteger.TEN.pow(decimal.scale());
        }
        return BigInteger.ONE;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /**
     * Numbers and instants by size, minus zero before zero; strings by code point, which is the order of their UTF-8 bytes; bytes as
     * numbers from 0 to 255.
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static int compare(Object a, Object b) {
        if (a instanceof String left && b instanceof String right) {
            return Arrays.compare(
                    left.codePoints().toArray(), right.codePoints().toArray());
        }
        if (a instanceof byte[] left && b instanceof byte[] right) {
            return HexFormat.of().formatHex(left).compareTo(HexFormat.of().formatHex(right));
        }
        return ((Comparable) a).compareTo(b);
    }
}
