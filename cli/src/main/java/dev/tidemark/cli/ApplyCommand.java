package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.RegistryConflictException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "apply",
        description = "Apply definitions to the registry, without a job; a changed feature service is served at once.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Option(names = "--defs", paramLabel = "DIR", required = true, description = "The directory with the definitions.")
    private Path definitions = Path.of(".");

    @Option(
            names = "--postgres",
            required = true,
            paramLabel = "JDBC_URL",
            defaultValue = "${env:TIDEMARK_POSTGRES_URL}",
            description = "The database of the registry; user and password may come from TIDEMARK_POSTGRES_USER and"
                    + " TIDEMARK_POSTGRES_PASSWORD. Default: TIDEMARK_POSTGRES_URL.")
    private String postgres = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException {
        Definitions wanted = DefinitionFiles.read(definitions);
        try (Postgres database = PostgresLogin.connect(postgres)) {
            Registry registry = Registry.open(database);
            Registry.Applied applied = registry.apply(wanted);
            PrintWriter out = spec.commandLine().getOut();
            print(out, "added", applied.added());
            print(out, "changed", applied.changed());
            print(out, "unchanged", applied.unchanged());
            Definitions all = registry.load();
            wanted.views().stream()
                    .filter(view -> !all.view(view.name()).orElseThrow().equals(view))
                    .forEach(view -> out.println(view.id() + " is not current: "
                            + all.view(view.name()).orElseThrow().id() + " is, until './tidemark takeover'."));
            out.flush();
            return 0;
        } catch (RegistryConflictException | PostgresException | IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private static void print(PrintWriter out, String what, List<String> names) {
        names.forEach(name -> out.println(what + " " + name));
    }
}
