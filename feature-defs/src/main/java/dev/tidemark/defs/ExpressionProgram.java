package dev.tidemark.defs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link Expression}. It follows SQL: an operation on a null is null, unless the expression tests for null itself.
 * What has no value (a division by zero, an overflow) is null too. Safe for use by many threads.
 */
public interface ExpressionProgram {

    /**
     * The value of the expression, of its declared type, or null.
     *
     * @param values the columns by name; a missing one is null
     */
    @Nullable
    Object evaluate(Map<String, ?> values);

    /** Compiles an expression that was checked before. */
    static ExpressionProgram compile(Expression expression) {
        return CelExpressions.compile(expression);
    }
}
