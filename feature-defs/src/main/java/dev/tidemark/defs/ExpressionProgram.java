package dev.tidemark.defs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link Expression}. It follows SQL: an operation on a null is null, unless the expression tests for null itself.
 * What has no value (a division by zero, an overflow, a result that is NaN or infinite) is null too. Safe for use by many threads.
 */
public interface ExpressionProgram {

    /**
     * The value of the expression, of its declared type, or null.
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
