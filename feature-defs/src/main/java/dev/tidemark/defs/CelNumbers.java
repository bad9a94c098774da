package dev.tidemark.defs;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.cel.common.CelOptions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.CelStandardOverload;
import dev.cel.runtime.standard.GreaterEqualsOperator.GreaterEqualsOverload;
import dev.cel.runtime.standard.GreaterOperator.GreaterOverload;
import dev.cel.runtime.standard.LessEqualsOperator.LessEqualsOverload;
import dev.cel.runtime.standard.LessOperator.LessOverload;
import dev.cel.runtime.standard.StringFunction.StringOverload;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What expressions do with numbers otherwise than CEL's library, which takes -0.0 for less than 0 where it compares a double with a
 * long, and rounds the long, and which leaves the text of a double to the JDK, whose versions differ in it.
 */
final class CelNumbers {
    /** What takes the place of the library's overloads, by their ids. */
    private static final Map<String, CelFunctionBinding> OWN = Stream.of(
                    CelFunctionBinding.from("double_to_string", Double.class, CelNumbers::text),
                    CelFunctionBinding.from("less_double_int64", Double.class, Long.class, (x, y) -> order(x, y) < 0),
                    CelFunctionBinding.from(
                            "less_equals_double_int64", Double.class, Long.class, (x, y) -> order(x, y) <= 0),
                    CelFunctionBinding.from(
                            "greater_double_int64", Double.class, Long.class, (x, y) -> order(x, y) > 0),
                    CelFunctionBinding.from(
                            "greater_equals_double_int64", Double.class, Long.class, (x, y) -> order(x, y) >= 0),
                    CelFunctionBinding.from("less_int64_double", Long.class, Double.class, (x, y) -> 0 < order(y, x)),
                    CelFunctionBinding.from(
                            "less_equals_int64_double", Long.class, Double.class, (x, y) -> 0 <= order(y, x)),
                    CelFunctionBinding.from(
                            "greater_int64_double", Long.class, Double.class, (x, y) -> 0 > order(y, x)),
                    CelFunctionBinding.from(
                            "greater_equals_int64_double", Long.class, Double.class, (x, y) -> 0 >= order(y, x)))
            .collect(toMap(CelFunctionBinding::getOverloadId, overload -> overload));

    private CelNumbers() {}

    /** The library's functions but those that {@link #bindings} has. */
    static CelStandardFunctions otherFunctions() {
        return CelStandardFunctions.newBuilder()
                .excludeFunctions(
                        StandardFunction.STRING,
                        StandardFunction.LESS,
                        StandardFunction.LESS_EQUALS,
                        StandardFunction.GREATER,
                        StandardFunction.GREATER_EQUALS)
                .build();
    }

    /** Functions with overloads of our own, whole: where types are dynamic, the runtime looks for one among all of a function. */
    static List<CelFunctionBinding> bindings(CelOptions options) {
        return Stream.of(
                        function("string", StringOverload.values(), options),
                        function("_<_", LessOverload.values(), options),
                        function("_<=_", LessEqualsOverload.values(), options),
                        function("_>_", GreaterOverload.values(), options),
                        function("_>=_", GreaterEqualsOverload.values(), options))
                .flatMap(Collection::stream)
                .toList();
    }

    private static Collection<CelFunctionBinding> function(
            String name, CelStandardOverload[] overloads, CelOptions options) {
        RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), options);
        return CelFunctionBinding.fromOverloads(
                name,
                Arrays.stream(overloads)
                        .map(overload -> overload.newFunctionBinding(options, equality))
                        .map(overload -> OWN.getOrDefault(overload.getOverloadId(), overload))
                        .toList());
    }

    /** The shortest text that is read as the same number. */
    private static String text(double number) {
        return NumberOutput.toString(number, true);
    }

    /** Less than, equal to or greater than 0 as the double is to the long, neither rounded; NaN if the double is. */
    private static double order(double x, long y) {
        if (Double.isNaN(x) || x >= 0x1p63 || x < -0x1p63) {
            return Math.signum(x);
        }
        long whole = (long) x; // Towards zero.
        return whole == y ? Math.signum(x - whole) : Long.compare(whole, y);
    }
}
