package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of which views a command speaks. */
final class ViewOptions {
    @Option(
            names = "--view",
            paramLabel = "NAME[@VERSION]",
            description = "One view; without a version its current one. Default: all views and versions.")
    private @Nullable String view;

    @Option(
            names = "--defs",
            paramLabel = "DIR",
            description = "Take the definitions from this directory. Default: from the registry.")
    private @Nullable Path definitions;

    /**
     * The views that are meant.
     *
     * @throws UserException if there is none
     */
    List<FeatureView> views(Postgres database) throws InvalidDefinitionsException {
        return views(definitions(database));
    }

    /** All definitions, from the directory or the registry. */
    Definitions definitions(Postgres database) throws InvalidDefinitionsException {
        return definitions != null
                ? DefinitionFiles.read(definitions)
                : Registry.open(database).load();
    }

    /**
     * The views that are meant.
     *
     * @throws UserException if there is none
     */
    List<FeatureView> views(Definitions all) {
        List<FeatureView> meant = view == null ? all.views() : named(all, view);
        if (meant.isEmpty()) {
            throw new UserException(none(all));
        }
        return meant;
    }

    private String none(Definitions all) {
        String where = definitions == null ? " in the registry." : " in " + definitions + ".";
        if (all.views().isEmpty()) {
            return "There are no feature views" + where;
        }
        return "There is no feature view '" + view + "'" + where + " There are: "
                + all.views().stream().map(FeatureView::id).toList() + ".";
    }

    private static List<FeatureView> named(Definitions all, String name) {
        return all.views().stream()
                .filter(candidate -> candidate.id().equals(name))
                .findFirst()
                .or(() -> all.view(name))
                .map(List::of)
                .orElse(List.of());
    }
}
