package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random expressions on random values, nulls among them, against a small evaluator that knows only SQL's three values. */
class SqlNullsPropertyTest {
    private static final Map<String, DataType> COLUMNS = Map.of(
            "a", DataType.LONG,
            "b", DataType.LONG,
            "d", DataType.DOUBLE,
            "s", DataType.STRING,
            "p", DataType.BOOLEAN,
            "q", DataType.BOOLEAN);

    /** An expression and what it should be. */
    private record Node(String text, Function<Map<String, Object>, Object> value) {
        Object of(Map<String, Object> row) {
            return value.apply(row);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void conditionsFollowSql(@ForAll("conditions") Node node, @ForAll("rows") Map<String, Object> row) {
        check(node, DataType.BOOLEAN, row);
    }

    @Property(tries = 800, edgeCases = EdgeCasesMode.NONE)
    void longsFollowSql(@ForAll("longs") Node node, @ForAll("rows") Map<String, Object> row) {
        check(node, DataType.LONG, row);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void doublesFollowSql(@ForAll("doubles") Node node, @ForAll("rows") Map<String, Object> row) {
        assertThat(finite(evaluate(node, DataType.DOUBLE, row)))
                .as("%s on %s", node, row)
                .isEqualTo(finite(node.of(row)));
    }

    private static Object finite(Object value) {
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    private static void check(Node node, DataType type, Map<String, Object> row) {
        assertThat(evaluate(node, type, row)).as("%s on %s", node, row).isEqualTo(node.of(row));
    }

    private static Object evaluate(Node node, DataType type, Map<String, Object> row) {
        return ExpressionProgram.compile(new Expression(node.text(), type, COLUMNS))
                .evaluate(row);
    }

    @Provide
    Arbitrary<Map<String, Object>> rows() {
        Arbitrary<Long> numbers = Arbitraries.oneOf(
                Arbitraries.longs().between(-3, 3), Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62));
        Arbitrary<Double> reals = Arbitraries.of(0.0, -0.0, 1.5, -2.0, 1e300, Double.MIN_VALUE);
        return Combinators.combine(
                        numbers.injectNull(0.3),
                        numbers.injectNull(0.3),
                        reals.injectNull(0.3),
                        Arbitraries.of("", "x", "xyz").injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.4),
                        Arbitraries.of(true, false).injectNull(0.4))
                .as((a, b, d, s, p, q) -> {
                    Map<String, Object> row = new HashMap<>();
                    row.put("a", a);
                    row.put("b", b);
                    row.put("d", d);
                    row.put("s", s);
                    row.put("p", p);
                    row.put("q", q);
                    return row;
                });
    }

    @Provide
    Arbitrary<Node> conditions() {
        return conditions(3);
    }

    @Provide
    Arbitrary<Node> longs() {
        return longs(3);
    }

    @Provide
    Arbitrary<Node> doubles() {
        return doubles(3);
    }

    private static Arbitrary<Node> columns(String... names) {
        return Arbitraries.of(names).map(name -> new Node(name, row -> row.get(name)));
    }

    private static Arbitrary<Node> conditions(int depth) {
        Arbitrary<Node> nullTests = Arbitraries.of("a", "b", "d", "s", "p", "q")
                .flatMap(name -> Arbitraries.of(
                        new Node("(" + name + " == null)", row -> row.get(name) == null),
                        new Node("(null != " + name + ")", row -> row.get(name) != null)));
        Arbitrary<Node> simple = Arbitraries.oneOf(
                columns("p", "q"),
                nullTests,
                Arbitraries.of(new Node("true", row -> true), new Node("false", row -> false)));
        if (depth == 0) {
            return simple;
        }
        Arbitrary<Node> inner = Arbitraries.lazy(() -> conditions(depth - 1));
        Arbitrary<Node> numbers = Arbitraries.lazy(() -> longs(depth - 1));
        Arbitrary<Node> reals = Arbitraries.lazy(() -> doubles(depth - 1));
        return Arbitraries.oneOf(
                simple,
                inner.map(x -> new Node("!" + x, row -> x.of(row) == null ? null : !(Boolean) x.of(row))),
                Combinators.combine(inner, inner).as(SqlNullsPropertyTest::and),
                Combinators.combine(inner, inner).as(SqlNullsPropertyTest::or),
                Combinators.combine(inner, inner).as((x, y) -> strict("==", x, y, Objects::equals)),
                Combinators.combine(numbers, numbers).as((x, y) -> strict("==", x, y, Objects::equals)),
                Combinators.combine(numbers, numbers).as((x, y) -> strict("!=", x, y, (l, r) -> !l.equals(r))),
                Combinators.combine(numbers, numbers).as((x, y) -> strict("<", x, y, (l, r) -> (Long) l < (Long) r)),
                Combinators.combine(reals, reals)
                        .as((x, y) -> strict("==", x, y, (l, r) -> ((Double) l).doubleValue() == (Double) r)),
                Combinators.combine(inner, inner, inner).as(SqlNullsPropertyTest::choice),
                Combinators.combine(inner, inner).as(SqlNullsPropertyTest::choiceOfNull),
                Combinators.combine(numbers, numbers, numbers).as(SqlNullsPropertyTest::in),
                Combinators.combine(numbers, numbers, numbers).as(SqlNullsPropertyTest::exists));
    }

    private static Arbitrary<Node> longs(int depth) {
        Arbitrary<Node> simple = Arbitraries.oneOf(
                columns("a", "b"),
                Arbitraries.of(0L, 1L, 7L, Long.MAX_VALUE).map(n -> new Node(n.toString(), row -> n)),
                Arbitraries.just(new Node(
                        "s.size()", row -> row.get("s") == null ? null : (long) ((String) row.get("s")).length())));
        if (depth == 0) {
            return simple;
        }
        Arbitrary<Node> inner = Arbitraries.lazy(() -> longs(depth - 1));
        Arbitrary<Node> conditions = Arbitraries.lazy(() -> conditions(depth - 1));
        return Arbitraries.oneOf(
                simple,
                Combinators.combine(inner, inner).as((x, y) -> exact("+", x, y, Math::addExact)),
                Combinators.combine(inner, inner).as((x, y) -> exact("-", x, y, Math::subtractExact)),
                Combinators.combine(inner, inner).as((x, y) -> exact("*", x, y, Math::multiplyExact)),
                Combinators.combine(inner, inner).as((x, y) -> exact("/", x, y, SqlNullsPropertyTest::divideExact)),
                Combinators.combine(conditions, inner, inner).as(SqlNullsPropertyTest::choice),
                Combinators.combine(conditions, inner).as(SqlNullsPropertyTest::choiceOfNull));
    }

    private static Arbitrary<Node> doubles(int depth) {
        Arbitrary<Node> simple =
                Arbitraries.oneOf(columns("d"), Arbitraries.of(0.0, 2.5).map(n -> new Node(n.toString(), row -> n)));
        if (depth == 0) {
            return simple;
        }
        Arbitrary<Node> inner = Arbitraries.lazy(() -> doubles(depth - 1));
        Arbitrary<Node> longs = Arbitraries.lazy(() -> longs(depth - 1));
        Arbitrary<Node> conditions = Arbitraries.lazy(() -> conditions(depth - 1));
        return Arbitraries.oneOf(
                simple,
                longs.map(x -> new Node(
                        "double(" + x + ")", row -> x.of(row) == null ? null : ((Long) x.of(row)).doubleValue())),
                Combinators.combine(inner, inner).as((x, y) -> strict("+", x, y, (l, r) -> (Double) l + (Double) r)),
                Combinators.combine(inner, inner).as((x, y) -> strict("*", x, y, (l, r) -> (Double) l * (Double) r)),
                Combinators.combine(inner, inner).as((x, y) -> strict("/", x, y, (l, r) -> (Double) l / (Double) r)),
                Combinators.combine(conditions, inner, inner).as(SqlNullsPropertyTest::choice));
    }

    private static long divideExact(long a, long b) {
        if (a == Long.MIN_VALUE && b == -1) {
            throw new ArithmeticException("overflow");
        }
        return a / b;
    }

    private static Node strict(String operator, Node x, Node y, BinaryOperator<Object> operation) {
        return new Node("(" + x + " " + operator + " " + y + ")", row -> {
            Object left = x.of(row);
            Object right = y.of(row);
            return left == null || right == null ? null : operation.apply(left, right);
        });
    }

    private static Node exact(String operator, Node x, Node y, BinaryOperator<Long> operation) {
        return strict(operator, x, y, (l, r) -> {
            try {
                return operation.apply((Long) l, (Long) r);
            } catch (ArithmeticException e) {
                return null;
            }
        });
    }

    private static Node and(Node x, Node y) {
        return new Node("(" + x + " && " + y + ")", row -> and(x.of(row), y.of(row)));
    }

    private static Object and(Object x, Object y) {
        if (Objects.equals(x, false) || Objects.equals(y, false)) {
            return false;
        }
        return x == null || y == null ? null : true;
    }

    private static Node or(Node x, Node y) {
        return new Node("(" + x + " || " + y + ")", row -> or(x.of(row), y.of(row)));
    }

    private static Object or(Object x, Object y) {
        if (Objects.equals(x, true) || Objects.equals(y, true)) {
            return true;
        }
        return x == null || y == null ? null : false;
    }

    private static Node choice(Node condition, Node x, Node y) {
        return new Node("(" + condition + " ? " + x + " : " + y + ")", row -> {
            Object chosen = condition.of(row);
            return chosen == null ? null : (Boolean) chosen ? x.of(row) : y.of(row);
        });
    }

    private static Node choiceOfNull(Node condition, Node x) {
        return new Node(
                "(" + condition + " ? null : " + x + ")",
                row -> Objects.equals(condition.of(row), false) ? x.of(row) : null);
    }

    private static Node in(Node x, Node y, Node z) {
        return new Node("(" + x + " in [" + y + ", " + z + "])", row -> {
            Object wanted = x.of(row);
            Object first = y.of(row);
            Object second = z.of(row);
            return wanted == null || first == null || second == null
                    ? null
                    : wanted.equals(first) || wanted.equals(second);
        });
    }

    private static Node exists(Node x, Node y, Node z) {
        return new Node("[" + x + ", " + y + "].exists(e, e / " + z + " == 1)", row -> {
            Object first = x.of(row);
            Object second = y.of(row);
            if (first == null || second == null) {
                return null;
            }
            Object divisor = z.of(row);
            return or(isOne(first, divisor), isOne(second, divisor));
        });
    }

    private static Object isOne(Object x, Object divisor) {
        if (divisor == null) {
            return null;
        }
        try {
            return divideExact((Long) x, (Long) divisor) == 1;
        } catch (ArithmeticException e) {
            return null;
        }
    }
}
