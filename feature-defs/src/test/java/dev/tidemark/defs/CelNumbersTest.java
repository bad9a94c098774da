package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CelNumbersTest {
    private static final Map<String, DataType> COLUMNS = Map.of("x", DataType.DOUBLE, "n", DataType.LONG);
    private static final ExpressionProgram ORDER = program(
            DataType.STRING,
            "(x < n ? '<' : '') + (x <= n ? '<=' : '') + (x > n ? '>' : '') + (x >= n ? '>=' : '')"
                    + " + (n > x ? '<' : '') + (n >= x ? '<=' : '') + (n < x ? '>' : '') + (n <= x ? '>=' : '')");
    private static final ExpressionProgram TEXT = program(DataType.STRING, "string(x)");

    private static ExpressionProgram program(DataType type, String text) {
        return ExpressionProgram.compile(new Expression(text, type, COLUMNS));
    }

    @Property
    void comparesExactly(@ForAll("doubles") double x, @ForAll("longs") long n) {
        int order = new BigDecimal(x).compareTo(BigDecimal.valueOf(n));

        String signs = order < 0 ? "<<=" : order == 0 ? "<=>=" : ">>=";
        assertThat(ORDER.evaluate(Map.of("x", x, "n", n))).isEqualTo(signs + signs);
    }

    @Provide
    Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 0.5, -0.5, -1.5, 0x1p53, 0x1p53 + 2),
                Arbitraries.of(0x1p63, -0x1p63, 0x1p62, Math.nextDown(0x1p63), -Double.MAX_VALUE, Double.MAX_VALUE),
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
                longs().map(Long::doubleValue));
    }

    @Provide
    Arbitrary<Long> longs() {
        return Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(-2, 2),
                Arbitraries.of(
                        (1L << 53) - 1, 1L << 53, (1L << 53) + 1, (1L << 53) + 2, Long.MAX_VALUE, Long.MIN_VALUE));
    }

    @Example
    void aNumberThatIsNoneHasNoPlace() {
        assertThat(program(DataType.BOOLEAN, "0.0 / 0.0 < n").evaluate(Map.of("n", 1L)))
                .isEqualTo(false);
        assertThat(program(DataType.BOOLEAN, "n < 0.0 / 0.0").evaluate(Map.of("n", 1L)))
                .isEqualTo(false);
    }

    @Example
    void theTypesOfADynamicComparisonAreFoundWhereItIsMade() {
        assertThat(program(DataType.BOOLEAN, "dyn(x) < dyn(n)").evaluate(Map.of("x", -0.0, "n", 0L)))
                .isEqualTo(false);
        assertThat(program(DataType.BOOLEAN, "dyn(x) < 1.0").evaluate(Map.of("x", -0.0)))
                .isEqualTo(true);
        assertThat(program(DataType.BOOLEAN, "dyn('a') < 'b'").evaluate(Map.of()))
                .isEqualTo(true);
    }

    @Property
    void aTextIsReadAsTheSameNumber(@ForAll("doubles") double x) {
        assertThat(Double.valueOf((String) TEXT.evaluate(Map.of("x", x)))).isEqualTo(x);
    }

    @Example
    void theTextOfANumberIsThatOfEveryJdk() {
        assertThat(TEXT.evaluate(Map.of("x", 2e23))).isEqualTo("2.0E23");
        assertThat(TEXT.evaluate(Map.of("x", 4.35))).isEqualTo("4.35");
        assertThat(TEXT.evaluate(Map.of("x", -0.0))).isEqualTo("-0.0");
    }
}
