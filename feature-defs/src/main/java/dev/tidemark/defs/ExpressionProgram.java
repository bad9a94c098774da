package dev.tidemark.defs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link Expression}. It follows SQL: an operation on a null is null, unless the expression tests for null itself.
 * What has no value (a division of whole numbers by zero, an overflow) is null too. Safe for use by many threads.
 */
public interface ExpressionProgram {

    /**
     * The value of the expression, of its declared type, or null. A double may be NaN or infinite: whoever takes the value may count
     * that, and has to take it as null, as a further expression does that is given it.
     *
     * @param values the columns by name; a missing one is null
     */
    @Nullable
    Object evaluate(Map<String, ?> values);

    /**
     * Compiles an expression that was checked before. This takes milliseconds; keep the program.
     *
     * @throws IllegalArgumentException if the text does not check against its variables, or its value is of another type
     */
    static ExpressionProgram compile(Expression expression) {
        return CelExpressions.compile(expression);
    }
}
