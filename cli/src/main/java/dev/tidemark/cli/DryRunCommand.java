package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.files.DryRunJob;
import dev.tidemark.jobs.files.DryRunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "dry-run",
        description =
                "What would the features be on these events? The job's own topology, on files, without Kafka or stores.",
        mixinStandardHelpOptions = true)
final class DryRunCommand implements Callable<Integer> {
    private static final int PARALLELISM = 2;

    @Option(names = "--defs", paramLabel = "DIR", required = true, description = "The directory with the definitions.")
    private Path definitions = Path.of(".");

    @Option(
            names = "--events",
            paramLabel = "SOURCE=FILE",
            required = true,
            description =
                    "The events of a source, JSON lines (.jsonl or .jsonl.gz). Several files for one source are its"
                            + " partitions, in this order.")
    private List<String> events = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where to write VIEW.csv and refused.jsonl.")
    private Path out = Path.of(".");

    @Option(
            names = "--drain",
            description =
                    "Write also the rows of the tails that leave after the last event, until every window is empty.")
    private boolean drain;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Definitions defs = DefinitionFiles.read(definitions);
        Map<String, List<Path>> files = files();
        prepare();
        try (DryRunResult result = DryRunJob.run(defs, files, drain, PARALLELISM)) {
            DryRunFiles output = new DryRunFiles(out, versions(result.views()));
            for (FeatureView view : result.views()) {
                report(output.writeRows(view, result.rows(view)));
            }
            report(output.writeRefused(result.refused()));
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        }
        return 0;
    }

    private Map<String, List<Path>> files() {
        Map<String, List<Path>> files = new LinkedHashMap<>();
        for (String pair : events) {
            int split = pair.indexOf('=');
            if (split < 1) {
                throw new UserException("--events " + pair + " does not say whose events they are: write SOURCE=FILE.");
            }
            files.computeIfAbsent(pair.substring(0, split), source -> new ArrayList<>())
                    .add(Path.of(pair.substring(split + 1)));
        }
        return files;
    }

    private void prepare() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserException("The directory " + out + " cannot be made: " + e.getMessage());
        }
    }

    /** How many versions of each view are computed: only where there are several does the file's name say which. */
    private static Map<String, Long> versions(List<FeatureView> views) {
        Map<String, Long> versions = new LinkedHashMap<>();
        views.forEach(view -> versions.merge(view.name(), 1L, Long::sum));
        return versions;
    }

    private void report(@Nullable String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
