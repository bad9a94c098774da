package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

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
    void anExpressionNestedTooDeeplyIsRefused() {
        CelCheck check = CelCheck.of("(".repeat(5_000) + "1" + ")".repeat(5_000), new Scope());

        assertThat(check.issues()).hasSize(1);
    }
}
