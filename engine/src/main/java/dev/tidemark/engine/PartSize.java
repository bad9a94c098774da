package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DataType;

/**
 * How many bytes an {@link Accumulator} of so many values writes: of usual values, or at most. The formulas are in
 * docs/state.md, with what is taken for usual.
 *
 * @param most whether the most is asked for
 */
record PartSize(boolean most) {
    private static final double DIFFERENT = 100;
    private static final double MOST_BINS = 270_000;
    private static final double USUAL_LONG = 100_000; // Decides how long a sum is.

    /** The bytes of one part or total. */
    double of(AccumulatorType type, double values) {
        Aggregate aggregate = type.aggregate();
        if (aggregate instanceof Plain plain) {
            return of(plain, type.input(), values);
        } else if (aggregate instanceof Aggregate.FirstN first) {
            return edges(first.n(), type.input(), values);
        } else if (aggregate instanceof Aggregate.LastN last) {
            return edges(last.n(), type.input(), values);
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return distribution(type.input(), values);
        } else if (aggregate instanceof Aggregate.ApproxPercentile) {
            double bins = different(values, MOST_BINS);
            return number(bins) + 2 + bins * ((most ? 4 : 1.2) + number(values / Math.max(1, bins)));
        } else if (aggregate instanceof Aggregate.Rate) {
            return time() + sum(type.input() == DataType.BOOLEAN ? DataType.LONG : type.input(), values);
        }
        return type.needsOrder() ? runningFold(aggregate) : windowFold(values);
    }

    private double of(Plain plain, DataType input, double values) {
        return switch (plain) {
            case COUNT -> number(values);
            case SUM, AVG -> sum(input, values);
            case VARIANCE, VARIANCE_SAMPLE, STDDEV, STDDEV_SAMPLE -> sum(input, values) + squares(input, values);
            case MIN, MAX -> 1 + Math.min(1, values) * (value(input) + time());
            case FIRST, LAST -> 1 + Math.min(1, values) * (value(input) + position());
            case COUNT_DISTINCT -> distribution(input, values);
            case APPROX_COUNT_DISTINCT -> different(values, 385) < 385 ? 14 + 4 * different(values, 385) : 2_092;
        };
    }

    /** The count and the sum, exact. */
    private double sum(DataType input, double values) {
        if (input == DataType.DOUBLE) {
            return number(values) + (most ? 280 : 2 + Math.min(1, values) * 9);
        }
        double longest = input instanceof DataType.Decimal ? 30 : 20;
        return number(values) + (most ? longest : 1 + number(values * USUAL_LONG));
    }

    private double squares(DataType input, double values) {
        if (input == DataType.DOUBLE) {
            return most ? 270 : 17;
        }
        double longest = input instanceof DataType.Decimal ? 50 : 30;
        return most ? longest : 1 + number(values * USUAL_LONG * USUAL_LONG);
    }

    private double edges(int n, DataType input, double values) {
        return 2 + Math.min(n, values) * ((most ? 7 : 3) + position() - time() + value(input));
    }

    private double distribution(DataType input, double values) {
        double different = different(values, Distribution.MOST_VALUES);
        return 1 + number(different) + different * (value(input) + number(values / Math.max(1, different)));
    }

    private double windowFold(double values) {
        return 2 + number(values) + Math.min(values, WindowFold.MOST_VALUES) * (most ? 27 : 14);
    }

    private double runningFold(Aggregate aggregate) {
        return 1 + position() + (aggregate instanceof Aggregate.Ema ? 9 : 1 + time() + 2 * (most ? 18 : 10));
    }

    /** How many different values there are; usually a hundred in all, equally frequent. */
    private double different(double values, double limit) {
        return most ? Math.min(values, limit) : DIFFERENT * (1 - Math.pow(1 - 1 / DIFFERENT, values));
    }

    /** A value of a column. Strings and bytes of any length are allowed; one of more than 256 bytes is a lot. */
    double value(DataType type) {
        if (type instanceof DataType.Decimal) {
            return most ? 18 : 4;
        } else if (type instanceof DataType.ListOf list) {
            return 1 + (most ? 16 : 3) * (1 + value(list.element()));
        }
        return switch ((DataType.Primitive) type) {
            case LONG -> most ? 10 : 3;
            case DOUBLE -> 8;
            case BOOLEAN -> 1;
            case STRING, BYTES -> most ? 258 : 13;
            case TIMESTAMP -> time();
        };
    }

    /** An instant. */
    double time() {
        return most ? 7 : 6;
    }

    /** An instant, a partition and an offset. */
    double position() {
        return time() + (most ? 12 : 5);
    }

    /** A number of this size as {@link ValueCodec#writeVarLong} writes it. */
    static double number(double size) {
        int bits = size < 1 ? 1 : Math.getExponent(size) + 2; // One for the sign.
        return (bits + 6) / 7;
    }
}
