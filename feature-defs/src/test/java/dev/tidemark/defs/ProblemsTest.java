package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken definitions in {@code problems/*.yaml}, each beside what is said about it in {@code problems/*.txt}, word for word.
 * {@code base.yaml} holds valid definitions that they refer to.
 */
class ProblemsTest {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/tidemark/defs");

    static Stream<Path> broken() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("problems"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void everyProblemIsReportedOnce(Path file) throws IOException {
        String name = file.getFileName().toString();
        var texts = List.of(
                new DefinitionReader.Text("base.yaml", Files.readString(RESOURCES.resolve("base.yaml"))),
                new DefinitionReader.Text(name, Files.readString(file)));

        var exception = catchThrowableOfType(InvalidDefinitionsException.class, () -> DefinitionReader.read(texts));

        Path expected = RESOURCES.resolve("problems").resolve(name.replace(".yaml", ".txt"));
        assertThat(exception).as("the definitions are refused").isNotNull();
        assertThat(exception.getMessage()).isEqualTo(Files.readString(expected).strip());
    }

    @ParameterizedTest
    @MethodSource("broken")
    void noProblemHasAnEmptyMessageOrALeakedClassName(Path file) throws IOException {
        var text = new DefinitionReader.Text("x", Files.readString(file));

        var exception =
                catchThrowableOfType(InvalidDefinitionsException.class, () -> DefinitionReader.read(List.of(text)));

        assertThat(exception.problems()).allSatisfy(problem -> {
            assertThat(problem.message())
                    .isNotBlank()
                    .endsWith(".")
                    .doesNotContain("null null", "dev.", "java.", "google.");
            assertThat(problem.line()).isPositive();
            assertThat(problem.column()).isPositive();
        });
    }
}
