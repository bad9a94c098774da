package dev.tidemark.defs;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression that has been checked against the columns it may use.
 *
 * @param text the expression as written
 * @param type the type of its value
 * @param variables the columns in scope and their types; a superset of those the text uses
 */
public record Expression(String text, DataType type, Map<String, DataType> variables) implements Serializable {
    public Expression {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** Whether two expressions, or their absence, say the same, whatever else is in scope of either. */
    static boolean same(@Nullable Expression one, @Nullable Expression other) {
        return one == null || other == null ? one == other : one.text.equals(other.text) && one.type.equals(other.type);
    }

    /**
     * The columns that the text uses, in alphabetical order. Parses the text; keep the answer.
     *
     * @throws IllegalArgumentException if the text is not an expression
     */
    public SortedSet<String> usedVariables() {
        return CelExpressions.usedVariables(this);
    }
}
