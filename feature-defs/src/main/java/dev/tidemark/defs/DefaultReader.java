package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Scalar;
import dev.tidemark.defs.YamlValue.ScalarKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what stands for the value of nothing. */
final class DefaultReader {
    private static final int LONGEST_NUMBER = 200;

    private DefaultReader() {}

    /** Null if the value is not of the type, which is reported. */
    static @Nullable Serializable read(YamlValue value, DataType type, Problems problems) {
        if (type instanceof DataType.ListOf || type == DataType.BYTES) {
            problems.report(
                    value.place(), "A feature of the type " + type.spelling() + " has no default.", "Remove it.");
            return null;
        }
        Serializable read = value instanceof Scalar scalar ? read(scalar, type) : null;
        if (read == null) {
            problems.report(
                    value.place(),
                    "The default must be a " + type.spelling() + " like the feature, not " + value.describe() + ".",
                    example(type));
        }
        return read;
    }

    private static @Nullable Serializable read(Scalar value, DataType type) {
        boolean number = value.kind() == ScalarKind.INTEGER || value.kind() == ScalarKind.NUMBER;
        boolean text = value.kind() == ScalarKind.STRING;
        try {
            if (type == DataType.LONG && value.kind() == ScalarKind.INTEGER) {
                return Long.valueOf(value.text());
            } else if (type == DataType.DOUBLE && number) {
                double parsed = Double.parseDouble(value.text());
                return Double.isFinite(parsed) ? parsed : null;
            } else if (type instanceof DataType.Decimal decimal && (number || text)) {
                return decimal(value.text(), decimal);
            } else if (type == DataType.BOOLEAN && value.kind() == ScalarKind.BOOLEAN) {
                return Boolean.valueOf(value.text());
            } else if (type == DataType.STRING && text) {
                return value.text();
            } else if (type == DataType.TIMESTAMP && text) {
                Instant parsed = Instant.parse(value.text());
                return Instant.ofEpochMilli(parsed.toEpochMilli());
            }
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            return null;
        }
        return null;
    }

    /** Null if the type does not hold the number. */
    private static @Nullable BigDecimal decimal(String text, DataType.Decimal type) {
        if (text.length() > LONGEST_NUMBER) {
            return null; // To read millions of digits takes minutes.
        }
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        // Judged by its exponent before the digits of 1e400000000 are written out.
        boolean fits = number.scale() <= type.scale()
                && (long) number.precision() - number.scale() <= type.precision() - type.scale();
        return fits || number.signum() == 0 ? number.setScale(type.scale()) : null;
    }

    private static @Nullable String example(DataType type) {
        if (type == DataType.LONG) {
            return "Write, for example, 0.";
        } else if (type == DataType.DOUBLE) {
            return "Write, for example, 0.0.";
        } else if (type == DataType.STRING) {
            return "Write, for example, \"none\", in quotes.";
        } else if (type == DataType.TIMESTAMP) {
            return "Write, for example, \"2020-01-01T00:00:00Z\".";
        }
        return null;
    }
}
