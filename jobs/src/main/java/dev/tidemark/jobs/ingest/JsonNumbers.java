package dev.tidemark.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.defs.DataType;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Reads JSON numbers without losing anything on the way. A number such as 1e999999999 is judged by its exponent before
 * anyone writes out its digits.
 */
final class JsonNumbers {
    private static final int LONGEST_LONG = 19;
    private static final int LONGEST_TEXT = 200;

    private JsonNumbers() {}

    /** An integral number, however it is spelled: 5, 5.0 and 5e0 are the same. */
    static Object readLong(JsonParser parser) throws IOException, UnfitValueException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            JsonParser.NumberType type = parser.getNumberType();
            if (type == JsonParser.NumberType.BIG_INTEGER) {
                throw outOfRange(parser);
            }
            return parser.getLongValue();
        } else if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            BigDecimal number = decimal(parser.getText());
            if (number.scale() > 0) {
                throw ColumnReader.unfit(parser, "an integral number");
            } else if (integerDigits(number) > LONGEST_LONG) {
                throw outOfRange(parser);
            }
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                throw outOfRange(parser);
            }
        }
        throw ColumnReader.unfit(parser, "an integral number");
    }

    static Object readDouble(JsonParser parser) throws IOException, UnfitValueException {
        if (!parser.currentToken().isNumeric()) {
            throw ColumnReader.unfit(parser, "a number");
        }
        double number = Double.parseDouble(parser.getText());
        if (Double.isInfinite(number)) {
            throw new UnfitValueException(Excerpt.of(parser.getText()) + " is beyond the range of a double.");
        }
        return number;
    }

    /** A number, or a string that is spelled like one, which keeps its digits through any JSON library. */
    static Object readDecimal(JsonParser parser, DataType.Decimal type) throws IOException, UnfitValueException {
        boolean readable = parser.currentToken().isNumeric() || parser.currentToken() == JsonToken.VALUE_STRING;
        if (!readable) {
            throw ColumnReader.unfit(parser, "a decimal number");
        }
        BigDecimal number = decimal(parser.getText());
        if (number.scale() > type.scale() || integerDigits(number) > type.precision() - type.scale()) {
            throw new UnfitValueException(Excerpt.of(parser.getText()) + " does not fit " + type.spelling() + ".");
        }
        return number.setScale(type.scale());
    }

    /** The number without trailing zeros, so that its scale says whether it has a fraction. */
    private static BigDecimal decimal(String text) throws UnfitValueException {
        try {
            // A number that is longer than any type can hold is not worth the quadratic time of reading it.
            if (text.length() > LONGEST_TEXT) {
                throw new UnfitValueException("a number of " + text.length() + " characters is too long.");
            }
            return new BigDecimal(text).stripTrailingZeros();
        } catch (NumberFormatException e) {
            throw new UnfitValueException("\"" + Excerpt.of(text) + "\" is not a decimal number.");
        }
    }

    /** How many digits stand before the point; not positive if the number is less than 0.1. */
    private static long integerDigits(BigDecimal number) {
        return number.signum() == 0 ? 0 : (long) number.precision() - number.scale();
    }

    private static UnfitValueException outOfRange(JsonParser parser) throws IOException {
        return new UnfitValueException(Excerpt.of(parser.getText()) + " is beyond the range of a long.");
    }
}
