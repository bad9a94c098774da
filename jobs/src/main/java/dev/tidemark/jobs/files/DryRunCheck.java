package dev.tidemark.jobs.files;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.JobSetupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether there is anything to run on. */
final class DryRunCheck {
    private DryRunCheck() {}

    static void check(Definitions definitions, Map<String, List<Path>> files) throws JobSetupException {
        List<String> problems = new ArrayList<>();
        List<String> sources = definitions.sources().stream().map(Source::name).toList();
        new TreeMap<>(files).forEach((source, paths) -> {
            if (!sources.contains(source)) {
                problems.add(
                        "There is no source " + source + ". The definitions have: " + String.join(", ", sources) + ".");
            } else if (definitions.views().stream()
                    .noneMatch(view -> view.source().name().equals(source))) {
                problems.add("No view uses the source " + source + ".");
            }
            for (Path path : paths) {
                if (!Files.isRegularFile(path)) {
                    problems.add("The file " + path + " of source " + source + " does not exist or is no file.");
                } else if (!Files.isReadable(path)) {
                    problems.add("The file " + path + " of source " + source + " cannot be read.");
                }
            }
        });
        if (files.values().stream().allMatch(List::isEmpty)) {
            problems.add("No file of events was given.");
        }
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
    }
}
