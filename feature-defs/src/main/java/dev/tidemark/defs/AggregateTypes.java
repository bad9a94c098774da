package dev.tidemark.defs;

import dev.tidemark.defs.Aggregate.Plain;
import org.jspecify.annotations.Nullable;

/** What an aggregate takes and what it returns. */
final class AggregateTypes {
    private static final int WIDEST_DECIMAL = 38;

    private AggregateTypes() {}

    /** Whether the aggregate works without a column: on events. */
    static boolean columnIsOptional(Aggregate aggregate) {
        return aggregate == Plain.COUNT || aggregate instanceof Aggregate.Rate;
    }

    /** What the aggregate needs its column to be, for a message; null if the type will do. */
    static @Nullable String missing(Aggregate aggregate, DataType input) {
        if (aggregate instanceof Plain plain) {
            return switch (plain) {
                case COUNT, FIRST, LAST -> null;
                case MIN, MAX ->
                    isNumber(input) || input == DataType.STRING || input == DataType.TIMESTAMP
                            ? null
                            : "a number, string or timestamp";
                case COUNT_DISTINCT, APPROX_COUNT_DISTINCT -> noList(input);
                default -> number(input);
            };
        }
        if (aggregate instanceof Aggregate.FirstN
                || aggregate instanceof Aggregate.LastN
                || aggregate instanceof Aggregate.TopK
                || aggregate instanceof Aggregate.Histogram) {
            return noList(input);
        }
        return number(input);
    }

    static boolean isNumber(DataType type) {
        return type == DataType.LONG || type == DataType.DOUBLE || type instanceof DataType.Decimal;
    }

    private static @Nullable String number(DataType input) {
        return isNumber(input) ? null : "a number";
    }

    private static @Nullable String noList(DataType input) {
        return input instanceof DataType.ListOf ? "a single value" : null;
    }

    /**
     * The type of the aggregate's value. A histogram is a string: a JSON object of counts by value.
     *
     * @param input the column's type; null for an aggregate of events, or if it is not known
     * @return null if that depends on an input that is not known
     */
    static @Nullable DataType output(Aggregate aggregate, @Nullable DataType input) {
        if (aggregate instanceof Plain plain) {
            return switch (plain) {
                case COUNT, COUNT_DISTINCT, APPROX_COUNT_DISTINCT -> DataType.LONG;
                case SUM ->
                    input instanceof DataType.Decimal decimal
                            ? new DataType.Decimal(WIDEST_DECIMAL, decimal.scale())
                            : input;
                case MIN, MAX, FIRST, LAST -> input;
                default -> DataType.DOUBLE;
            };
        }
        if (aggregate instanceof Aggregate.FirstN
                || aggregate instanceof Aggregate.LastN
                || aggregate instanceof Aggregate.TopK) {
            return input == null ? null : new DataType.ListOf(input);
        }
        return aggregate instanceof Aggregate.Histogram ? DataType.STRING : DataType.DOUBLE;
    }
}
