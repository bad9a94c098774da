package dev.tidemark.defs;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Compiles checked expressions to programs. */
final class CelExpressions {
    private CelExpressions() {}

    /**
     * Compiles an expression that was checked before.
     *
     * @throws IllegalArgumentException if the text does not check against the variables or its type is not the declared one
     */
    static ExpressionProgram compile(Expression expression) {
        CelCheck check = check(expression);
        CelAbstractSyntaxTree tree = check.tree();
        if (tree == null || !expression.type().equals(CelLanguage.dataType(check.type()))) {
            throw new IllegalArgumentException("Not a checked expression of type "
                    + expression.type().spelling() + ": " + expression.text() + " " + check.issues());
        }
        Map<String, String> nullTests = new HashMap<>();
        check.columns().forEach(column -> nullTests.put(CelLanguage.IS_NULL + column, column));
        try {
            return new Program(CelLanguage.runtime().createProgram(tree), expression.type(), Map.copyOf(nullTests));
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException("Cannot be compiled: " + expression.text(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if the text does not check against the variables
     */
    static SortedSet<String> usedVariables(Expression expression) {
        CelCheck check = check(expression);
        if (check.tree() == null) {
            throw new IllegalArgumentException("Not a checked expression: " + expression.text() + " " + check.issues());
        }
        return check.columns();
    }

    private static CelCheck check(Expression expression) {
        Scope scope = new Scope();
        expression.variables().forEach(scope::add);
        return CelCheck.of(expression.text(), scope);
    }

    /**
     * @param nullTests column by the name of the variable that says whether it is null
     */
    private record Program(CelRuntime.Program program, DataType type, Map<String, String> nullTests)
            implements ExpressionProgram {

        @Override
        public @Nullable Object evaluate(Map<String, ?> values) {
            try {
                return fromCel(type, program.eval(name -> Optional.of(resolve(name, values))));
            } catch (CelEvaluationException | ArithmeticException e) {
                return null;
            }
        }

        private Object resolve(String name, Map<String, ?> values) {
            if (name.charAt(0) == '@') {
                String column = nullTests.get(name);
                return column == null ? CelLanguage.NULL : toCel(values.get(column)) == CelLanguage.NULL;
            }
            return toCel(values.get(name));
        }
    }

    /** The value as CEL's runtime takes it. */
    private static Object toCel(@Nullable Object value) {
        if (value == null || finite(value) == null) {
            return CelLanguage.NULL;
        }
        if (value instanceof byte[] bytes) {
            return CelByteString.of(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return new CelDecimal(decimal);
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>(list.size());
            list.forEach(element -> elements.add(toCel(element)));
            return elements;
        }
        return value;
    }

    private static @Nullable Object finite(@Nullable Object value) {
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    /** The value as {@link DataType} says, or null if it is a null or not of the type after all. */
    private static @Nullable Object fromCel(DataType type, @Nullable Object value) {
        if (type instanceof DataType.ListOf list && value instanceof List<?> elements) {
            List<@Nullable Object> converted = new ArrayList<>(elements.size());
            elements.forEach(element -> converted.add(finite(fromCel(list.element(), element))));
            return converted;
        }
        if (type == DataType.LONG && value instanceof Long
                || type == DataType.DOUBLE && value instanceof Double
                || type == DataType.BOOLEAN && value instanceof Boolean
                || type == DataType.STRING && value instanceof String) {
            return value;
        }
        if (type == DataType.TIMESTAMP && value instanceof Instant instant) {
            return Instant.ofEpochMilli(instant.toEpochMilli());
        }
        if (type == DataType.BYTES && value instanceof CelByteString bytes) {
            return bytes.toByteArray();
        }
        return null;
    }
}
