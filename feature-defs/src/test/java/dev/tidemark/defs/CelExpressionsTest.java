package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelExpressionsTest {
    private static final Map<String, DataType> COLUMNS = columns();
    private static final Map<String, Object> VALUES = values();

    private static Map<String, DataType> columns() {
        Map<String, DataType> columns = new LinkedHashMap<>();
        columns.put("x", DataType.LONG);
        columns.put("nothing", DataType.LONG);
        columns.put("d", DataType.DOUBLE);
        columns.put("yes", DataType.BOOLEAN);
        columns.put("unsure", DataType.BOOLEAN);
        columns.put("s", DataType.STRING);
        columns.put("at", DataType.TIMESTAMP);
        columns.put("raw", DataType.BYTES);
        columns.put("price", new DataType.Decimal(10, 2));
        columns.put("no_price", new DataType.Decimal(10, 2));
        columns.put("same_price", new DataType.Decimal(12, 4));
        columns.put("prices", new DataType.ListOf(new DataType.Decimal(12, 4)));
        columns.put("tags", new DataType.ListOf(DataType.STRING));
        columns.put("namespace", DataType.STRING);
        columns.put("timestamp", DataType.LONG);
        columns.put("nan", DataType.DOUBLE);
        return columns;
    }

    private static Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("x", 5L);
        values.put("nothing", null);
        values.put("d", 2.5);
        values.put("yes", true);
        values.put("s", "abc");
        values.put("at", Instant.parse("2015-09-12T13:14:15.678Z"));
        values.put("raw", new byte[] {104, 105});
        values.put("price", new BigDecimal("12.30"));
        values.put("same_price", new BigDecimal("12.3000"));
        values.put("prices", List.of(new BigDecimal("0.0000"), new BigDecimal("12.3000")));
        values.put("tags", Arrays.asList("a", null, "c"));
        values.put("namespace", "Main");
        values.put("timestamp", 7L);
        values.put("nan", Double.NaN);
        return values;
    }

    private static Object evaluate(String text, DataType type) {
        return ExpressionProgram.compile(new Expression(text, type, COLUMNS)).evaluate(VALUES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "null",
            value = {
                // Operations on a null are null; && and || absorb what they can.
                "nothing == 1; null",
                "nothing != 1; null",
                "!(nothing == 1); null",
                "nothing < 1; null",
                "nothing == nothing; null",
                "unsure; null",
                "unsure && yes; null",
                "unsure && !yes; false",
                "!yes && unsure; false",
                "unsure || yes; true",
                "yes || unsure; true",
                "unsure || !yes; null",
                "unsure ? true : true; null",
                "yes ? true : unsure; true",
                "nothing in [1, 2]; null",
                // Null tests are tests.
                "nothing == null; true",
                "null == nothing; true",
                "nothing != null; false",
                "x == null; false",
                "x != null; true",
                "no_price == null; true",
                "price != null; true",
                "tags == null; false",
                "!(nothing == null); false",
                "nothing == null || nothing > 3; true",
                "(nothing == null) == (x == null); false",
                // What has no value is null, and absorbed like a null.
                "1 / (x - 5) == 1; null",
                "1 / (x - 5) == 1 || true; true",
                "1 / (x - 5) == 1 && false; false",
                "(1 / (x - 5) == 1 || !yes) == true; null",
                "(1 / (x - 5) == 1 && yes) != true; null",
                "[1 / (x - 5) == 1 || !yes][0]; null",
                "true in [1 / (x - 5) == 1 || !yes]; null",
                "[1].exists(e, e / (x - 5) == 1) == true; null",
                "(yes ? 1 / (x - 5) == 1 || !yes : yes) == true; null",
                // NaN is null wherever it comes from.
                "nan == null; true",
                "nan > 0.0; null",
                // Lists.
                "tags.exists(t, t == 'a'); true",
                "tags.exists(t, t == 'z'); null",
                "tags.all(t, t == 'z'); false",
                "[1, 2].exists(nothing, nothing == 2); true",
                "'a' in tags; true",
                // Names that mean something else to CEL.
                "namespace == 'Main'; true",
                "timestamp == 7; true",
                "at > timestamp('2015-01-01T00:00:00Z'); true",
                "math.abs(-x) == 5; true",
                "raw == b'hi'; true",
                "double(price) == 12.3; true",
                "price == same_price; true",
                "price != same_price; false",
                "price == prices[0]; false",
                "price == no_price; null",
                "price in prices; true",
                "no_price in prices; null",
                "prices.exists(p, p == price); true",
                "[price] == [same_price]; true",
                "x < d; false",
                "s.matches('^a.c$'); true",
            })
    void conditionsFollowSql(String text, Boolean expected) {
        assertThat(evaluate(text, DataType.BOOLEAN)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "null",
            value = {
                "x + 1; 6",
                "nothing + 1; null",
                "x / 0; null",
                "x % 0; null",
                "x + 9223372036854775807; null",
                "-x - 9223372036854775807; null",
                "x * 4611686018427387904; null",
                "int('abc'); null",
                "int('12'); 12",
                "int(1e30); null",
                "[1, 2][7]; null",
                "size(tags); 3",
                "s.size(); 3",
                "yes ? x : nothing; 5",
                "yes ? nothing : x; null",
                "yes ? null : x; null",
                "yes ? x + 1 : null; 6",
                "unsure ? x : 7; null",
                "yes ? (yes ? null : x) : x; null",
                "unsure ? null : x; null",
                "x < 0 ? null : x < 9 ? x : null; 5",
                "1 / 0 == 1 ? null : x; null",
                "yes ? null : 1 / 0; null",
                "(x == 5 || 1 / 0 == 1 ? x : null) + 1; 6",
                "[x].map(e, e == 5 ? e + 1 : null)[0]; 6",
                "(yes ? null : x) + 1; null",
                "at.getHours(); 13",
                "at.getHours('Europe/Berlin'); 15",
                "(at - timestamp('2015-09-12T13:14:00Z')).getSeconds(); 15",
                "math.greatest(x, 3); 5",
                "tags.filter(t, t == 'a').size(); null",
            })
    void numbersFollowSql(String text, Long expected) {
        assertThat(evaluate(text, DataType.LONG)).isEqualTo(expected);
    }

    @Test
    void valuesAreOfTheDeclaredJavaType() {
        assertThat(evaluate("d * 2.0", DataType.DOUBLE)).isEqualTo(5.0);
        assertThat(evaluate("double(x)", DataType.DOUBLE)).isEqualTo(5.0);
        assertThat(evaluate("s + '!'", DataType.STRING)).isEqualTo("abc!");
        assertThat(evaluate("at + duration('1s')", DataType.TIMESTAMP))
                .isEqualTo(Instant.parse("2015-09-12T13:14:16.678Z"));
        assertThat(evaluate("raw", DataType.BYTES)).isEqualTo(new byte[] {104, 105});
        assertThat(evaluate("tags", new DataType.ListOf(DataType.STRING))).isEqualTo(Arrays.asList("a", null, "c"));
        assertThat(evaluate("[x, 1]", new DataType.ListOf(DataType.LONG))).isEqualTo(List.of(5L, 1L));
        assertThat(evaluate("[[b'h']]", new DataType.ListOf(new DataType.ListOf(DataType.BYTES))))
                .isInstanceOf(List.class);
    }

    @Test
    void instantsAreWholeMilliseconds() {
        assertThat(evaluate("timestamp('1969-12-31T23:59:59.999999Z')", DataType.TIMESTAMP))
                .isEqualTo(Instant.ofEpochMilli(-1));
    }

    @Test
    void aResultThatIsNotFiniteIsLeftToWhoeverCountsIt() {
        assertThat(evaluate("1.0 / 0.0", DataType.DOUBLE)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(evaluate("0.0 / 0.0", DataType.DOUBLE)).isEqualTo(Double.NaN);
        assertThat(evaluate("[1.0 / 0.0]", new DataType.ListOf(DataType.DOUBLE)))
                .isEqualTo(Collections.singletonList(null));
    }

    @Test
    void equalDecimalsAreEqualWhateverObjectsTheyAre() {
        Map<String, DataType> columns = Map.of("a", new DataType.Decimal(10, 2), "b", new DataType.Decimal(10, 2));
        ExpressionProgram program = ExpressionProgram.compile(new Expression("a == b", DataType.BOOLEAN, columns));

        assertThat(program.evaluate(Map.of("a", new BigDecimal("7.50"), "b", new BigDecimal("7.50"))))
                .isEqualTo(true);
        assertThat(program.evaluate(Map.of("a", new BigDecimal("0.00"), "b", new BigDecimal("0.01"))))
                .isEqualTo(false);
    }

    @Test
    void aMissingColumnIsNull() {
        ExpressionProgram program = ExpressionProgram.compile(new Expression("x == null", DataType.BOOLEAN, COLUMNS));

        assertThat(program.evaluate(Map.of())).isEqualTo(true);
    }

    @Test
    void tellsWhichColumnsAreUsed() {
        assertThat(used("x + nothing")).containsExactly("nothing", "x");
        assertThat(used("s != null && math.abs(x) > 1")).containsExactly("s", "x");
        assertThat(used("tags.exists(x, x == s)")).containsExactly("s", "tags");
        assertThat(used("1 + 1")).isEmpty();
    }

    private static Iterable<String> used(String text) {
        return new Expression(text, DataType.BOOLEAN, COLUMNS).usedVariables();
    }

    @Test
    void refusesToCompileWhatWasNotChecked() {
        assertThatThrownBy(() -> evaluate("x +", DataType.LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> evaluate("x", DataType.DOUBLE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> used("missing")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProgramIsUsedByManyThreadsAtOnce() throws Exception {
        ExpressionProgram program = ExpressionProgram.compile(
                new Expression("x == null ? -1 : (x % 2 == 0 ? x : null)", DataType.LONG, COLUMNS));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                long offset = thread * 10_000L;
                tasks.add(() -> {
                    for (long i = offset; i < offset + 10_000; i++) {
                        assertThat(program.evaluate(Map.of("x", i))).isEqualTo(i % 2 == 0 ? i : null);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
