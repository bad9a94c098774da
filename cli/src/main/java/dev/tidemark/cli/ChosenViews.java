package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which views of a directory a job is to compute. */
final class ChosenViews {
    @Option(
            names = "--view",
            paramLabel = "NAME[@VERSION]",
            description =
                    "Compute this view only, for example a new version beside the job of the old one; may be given"
                            + " several times. Without a version, the greatest. Services are then not applied.")
    private List<String> names = List.of();

    boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * The definitions in a directory, without the views and services that were not chosen.
     *
     * @throws UserException if a view is not there
     */
    Definitions of(Path directory) throws InvalidDefinitionsException {
        Definitions all = DefinitionFiles.read(directory);
        if (names.isEmpty()) {
            return all;
        }
        List<FeatureView> chosen = new ArrayList<>();
        for (String name : names) {
            FeatureView view = all.views().stream()
                    .filter(candidate -> candidate.id().equals(name))
                    .findFirst()
                    .or(() -> all.view(name))
                    .orElseThrow(() -> new UserException("There is no feature view '" + name + "' in " + directory
                            + ". There are: "
                            + all.views().stream().map(FeatureView::id).toList() + "."));
            if (!chosen.contains(view)) {
                chosen.add(view);
            }
        }
        return all.only(chosen);
    }
}
