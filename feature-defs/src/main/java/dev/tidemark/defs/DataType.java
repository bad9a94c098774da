package dev.tidemark.defs;

import java.io.Serializable;

/**
 * The type of a column, a join key or a feature.
 *
 * <p>Values are held as {@code Long}, {@code Double}, {@code java.math.BigDecimal} (of exactly the declared scale),
 * {@code Boolean}, {@code String}, {@code java.time.Instant} (whole milliseconds), {@code byte[]} and
 * {@code java.util.List}; a null is a Java null.
 */
public sealed interface DataType extends Serializable {
    DataType LONG = Primitive.LONG;
    DataType DOUBLE = Primitive.DOUBLE;
    DataType BOOLEAN = Primitive.BOOLEAN;
    DataType STRING = Primitive.STRING;
    DataType TIMESTAMP = Primitive.TIMESTAMP;
    DataType BYTES = Primitive.BYTES;

    // No default methods here: with one, initialising Primitive would initialise these constants first, to null.

    /** The type as a definition spells it, for example {@code decimal(18,2)} or {@code list<string>}. */
    String spelling();

    /**
     * The type of that spelling.
     *
     * @throws IllegalArgumentException if there is no such type
     */
    static DataType parse(String spelling) {
        return DataTypeParser.parse(spelling);
    }

    /** The types without parameters. */
    enum Primitive implements DataType {
        LONG,
        DOUBLE,
        BOOLEAN,
        STRING,
        TIMESTAMP,
        BYTES;

        @Override
        public String spelling() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** An exact decimal number of at most {@code precision} digits, {@code scale} of them behind the point. */
    record Decimal(int precision, int scale) implements DataType {
        @Override
        public String spelling() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /** A list of values of one type; the elements may be null. */
    record ListOf(DataType element) implements DataType {
        @Override
        public String spelling() {
            return "list<" + element.spelling() + ">";
        }
    }
}
