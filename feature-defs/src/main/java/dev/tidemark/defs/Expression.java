package dev.tidemark.defs;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;

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

    /**
     * The columns that the text uses, in alphabetical order. Parses the text; keep the answer.
     *
     * @throws IllegalArgumentException if the text is not an expression
     */
    public SortedSet<String> usedVariables() {
        return CelExpressions.usedVariables(this);
    }
}
