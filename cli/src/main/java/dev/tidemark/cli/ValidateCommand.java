package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.engine.StateSize;
import dev.tidemark.jobs.CorrectionsOption;
import dev.tidemark.jobs.JobSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        description = "Check definitions: exit 0 if they are valid and can be computed, else every problem and exit 2.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The directory with the definitions (.yaml, .yml).")
    private Path directory = Path.of(".");

    @Option(names = "--sizes", description = "Print for each view how many bytes the job keeps for one entity.")
    private boolean sizes;

    @Option(
            names = "--events-per-day",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many events an entity has a day, for --sizes. Default: ${DEFAULT-VALUE}.")
    private double eventsPerDay;

    @Mixin
    private CorrectionsOption corrections = new CorrectionsOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException {
        if (!(eventsPerDay > 0) || Double.isInfinite(eventsPerDay)) {
            throw new ParameterException(
                    spec.commandLine(), "--events-per-day must be a number above zero, not " + eventsPerDay + ".");
        }
        JobSettings settings = corrections.in(JobSettings.DEFAULT);
        if (!settings.problems().isEmpty()) {
            throw new UserException(String.join("\n", settings.problems()));
        }
        Definitions definitions = DefinitionFiles.read(directory);
        long features = definitions.views().stream()
                .mapToLong(view -> view.features().size() + view.derived().size())
                .sum();
        print("Valid: " + definitions.sources().size() + " sources, "
                + definitions.entities().size() + " entities, "
                + definitions.views().size() + " views with "
                + features + " features, " + definitions.services().size() + " services.");
        if (sizes) {
            definitions.views().forEach(view -> print(size(view, settings.corrections())));
        }
        return 0;
    }

    private String size(FeatureView view, Duration reach) {
        StateSize size = StateSize.of(view, eventsPerDay, reach);
        StateSize.Part largest = size.parts().get(0);
        return String.format(
                Locale.ROOT,
                "%s: %,d bytes an entity of %s events a day, at most %,d; %d %% are %s",
                view.id(),
                size.typical(),
                BigDecimal.valueOf(eventsPerDay).stripTrailingZeros().toPlainString(),
                size.bound(),
                100 * largest.bytes() / Math.max(1, size.typical()),
                largest.name());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
