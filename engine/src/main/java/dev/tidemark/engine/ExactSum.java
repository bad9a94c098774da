package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A sum without rounding: what was added can be taken out again, in any order, and nothing is left of it. */
interface ExactSum {

    /** Zero, for values of a number type. */
    static ExactSum of(DataType type) {
        if (type == DataType.LONG) {
            return IntegerSum.ofLongs();
        } else if (type == DataType.DOUBLE) {
            return new DyadicSum();
        } else if (type instanceof DataType.Decimal decimal) {
            return IntegerSum.ofDecimals(decimal.scale());
        }
        throw new IllegalArgumentException("There is no sum of " + type.spelling() + " values.");
    }

    /** Zero, for the squares of values of a number type. */
    static ExactSum ofSquares(DataType type) {
        return type instanceof DataType.Decimal decimal ? IntegerSum.ofDecimals(2 * decimal.scale()) : of(type);
    }

    /** Adds a value of the type. */
    void add(Object value);

    /** Adds the square of a value of the type whose squares this is for. */
    void addSquare(Object value);

    /** Adds another sum of the same type. */
    void add(ExactSum other);

    /** Takes another sum of the same type out. */
    void subtract(ExactSum other);

    /** The sum as a value of the type, rounded once if at all; null if it is beyond what the type holds. */
    @Nullable
    Object value();

    /** The sum divided by a number more than zero, rounded once; null if that is infinite. */
    @Nullable
    Double over(long count);

    /** The sum as it is. */
    Fraction exact();

    void write(DataOutput out) throws IOException;

    /** Replaces this sum by one that {@link #write} wrote. */
    void read(DataInput in) throws IOException;
}
