package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        description = "Check definitions: exit 0 if they are valid and can be computed, else every problem and exit 2.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The directory with the definitions (.yaml, .yml).")
    private Path directory = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException {
        Definitions definitions = DefinitionFiles.read(directory);
        long features = definitions.views().stream()
                .mapToLong(view -> view.features().size() + view.derived().size())
                .sum();
        spec.commandLine()
                .getOut()
                .println("Valid: " + definitions.sources().size() + " sources, "
                        + definitions.entities().size() + " entities, "
                        + definitions.views().size() + " views with "
                        + features + " features, " + definitions.services().size() + " services.");
        return 0;
    }
}
