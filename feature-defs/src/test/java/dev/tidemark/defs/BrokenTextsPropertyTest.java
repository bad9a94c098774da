package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.YamlValue.ScalarKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a text holds, it is read or its problems are listed; the reader never fails in another way. */
class BrokenTextsPropertyTest {

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aDamagedTextIsReadOrItsProblemsAreListed(@ForAll("damaged") String text) {
        readOrRefuse(text);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void anyTextIsReadOrItsProblemsAreListed(@ForAll String text) {
        readOrRefuse(text);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void anyExpressionIsCheckedOrItsIssuesAreListed(@ForAll("expressions") String text) {
        Scope scope = new Scope();
        scope.add("x", DataType.LONG);

        CelCheck check = CelCheck.of(text, scope);

        assertThat(check.tree() == null).isEqualTo(!check.issues().isEmpty());
    }

    private static void readOrRefuse(String text) {
        try {
            assertThat(Samples.read(text).documents()).isNotEmpty();
        } catch (InvalidDefinitionsException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> assertThat(problem.file())
                    .isEqualTo("test.yaml"));
        }
    }

    /** Pieces of a valid text replaced by something else. */
    @Provide
    Arbitrary<String> damaged() {
        Arbitrary<String> pieces = Arbitraries.of(
                "", " ", "\n", ":", "-", "[", "}", "'", "\"", "null", "*a", "&a ", "!", "0", "-1", "x", "| ", "\t",
                "{}");
        int length = Samples.EVERYTHING.length();
        return Combinators.combine(
                        Arbitraries.integers().between(0, length - 1),
                        Arbitraries.integers().between(0, 12),
                        pieces)
                .as((start, cut, piece) -> Samples.EVERYTHING.substring(0, start)
                        + piece
                        + Samples.EVERYTHING.substring(Math.min(length, start + cut)));
    }

    @Provide
    Arbitrary<String> expressions() {
        return Arbitraries.of(
                        "x",
                        "y",
                        "1",
                        "null",
                        "'a'",
                        "(",
                        ")",
                        "[",
                        "]",
                        "==",
                        "+",
                        "?",
                        ":",
                        "&&",
                        "!",
                        ".",
                        "size(",
                        "1u",
                        "{",
                        "}",
                        ",",
                        "b'\\xff'",
                        "has(x.y)",
                        "#",
                        "\n",
                        "😀",
                        "x.exists(x, x)",
                        "in",
                        "-",
                        "9223372036854775808",
                        "dyn(",
                        "type(")
                .list()
                .ofMaxSize(8)
                .map(words -> String.join(" ", words));
    }

    @Test
    void aliasesCannotBlowATextUp() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(", ", Collections.nCopies(10, alias))));
        }

        assertThatThrownBy(() -> Samples.read(bomb.toString()))
                .isInstanceOf(InvalidDefinitionsException.class)
                .hasMessageContaining("more than 200000 values");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> Samples.read("kind: " + "[".repeat(100) + "]".repeat(100)))
                .isInstanceOf(InvalidDefinitionsException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Samples.read("kind: " + "[".repeat(100_000)))
                .isInstanceOf(InvalidDefinitionsException.class);
    }

    @Test
    @Timeout(30)
    void aMappingIsNotMergedIntoItself() {
        for (String key : List.of("<<", "!!merge <<", "!!merge x")) {
            assertThatThrownBy(() -> Samples.read("kind: Entity\nkeys: &a { a: long, " + key + ": *a }"))
                    .as(key)
                    .isInstanceOf(InvalidDefinitionsException.class)
                    .hasMessageContaining("test.yaml:2:");
        }
    }

    @Test
    @Timeout(30)
    void manyNullBranchesAreReadInTimeThatTheirNumberExplains() {
        Scope scope = new Scope();
        scope.add("x", DataType.LONG);
        String chain = "x == 1 ? null : ".repeat(60) + "x";
        String nested = "x == 1 ? null : 1 + (".repeat(40) + "x" + ")".repeat(40);

        assertThat(CelCheck.of(chain, scope).issues()).isEmpty();
        assertThat(CelCheck.of(nested, scope).issues()).isEmpty();
    }

    @ParameterizedTest
    @Timeout(30)
    @ValueSource(strings = {"1e400000000", "-1e-400000000", "0e-2147483647", "1e2147483648", "0.001", "1000"})
    void aDefaultIsJudgedBeforeItsDigitsAreWrittenOut(String number) {
        assertThat(defaultOf(number)).isEqualTo(number.startsWith("0e") ? new BigDecimal("0.00") : null);
    }

    @Test
    @Timeout(30)
    void aDefaultOfMillionsOfDigitsIsRefused() {
        assertThat(defaultOf("1".repeat(3_000_000))).isNull();
        assertThat(defaultOf("999.990")).isEqualTo(new BigDecimal("999.99"));
    }

    private static Serializable defaultOf(String number) {
        Place place = new Place("test.yaml", 1, 1);
        YamlValue value = new YamlValue.Scalar(place, number, ScalarKind.NUMBER, new ScalarLayout(place, false));
        return DefaultReader.read(value, new DataType.Decimal(5, 2), new Problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "name: \"\\UFFFFFFFF\"; test.yaml:2:10: This is not YAML: there is no character of this number.",
                "name: \"\\U00110000\"; test.yaml:2:",
                "name: a\u0001b; test.yaml:2:8: This is not YAML: the character U+0001 cannot stand here.",
                "name: '\uD83D\uDE00\u0092'; test.yaml:2:9: This is not YAML: the character U+0092 cannot stand here.",
                "name: \"\\ud800\"; test.yaml:2:7: The text has half of a surrogate pair",
            },
            quoteCharacter = '|')
    void charactersThatNoTextHasAreReportedWhereTheyStand(String line, String problem) {
        assertThatThrownBy(() -> Samples.read("kind: Entity\n" + line + "\nkeys: { a: long }"))
                .isInstanceOf(InvalidDefinitionsException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void anExpressionNestedTooDeeplyIsRefused() {
        CelCheck check = CelCheck.of("(".repeat(5_000) + "1" + ")".repeat(5_000), new Scope());

        assertThat(check.issues()).hasSize(1);
    }
}
