package dev.tidemark.defs;

import java.io.Serializable;

/** A column that a feature view adds to those of its source. Columns are computed in order and may use earlier ones. */
public sealed interface Column extends Serializable {
    String name();

    DataType type();

    /** A column computed from the other columns of the same event. */
    record Computed(String name, Expression expression) implements Column {
        @Override
        public DataType type() {
            return expression.type();
        }
    }

    /** The value that {@code column} had at the entity's event before, null at the first. */
    record Lag(String name, String column, DataType type) implements Column {}

    /** The value of {@code column} less that at the entity's event before, null at the first. */
    record Delta(String name, String column, DataType type) implements Column {}

    /**
     * The exponential moving average of {@code column} by event count.
     *
     * @param smoothing the weight of the newest value, in (0, 1]
     */
    record Ema(String name, String column, double smoothing) implements Column {
        @Override
        public DataType type() {
            return DataType.DOUBLE;
        }
    }
}
