package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.RegistryConflictException;
import dev.tidemark.stores.Takeover;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "takeover",
        description = "Make another version of a view the current one, after its rows were compared with the log.",
        footer = {
            "",
            "Exit codes: 0 it took over; 1 its rows differ, or another takeover came first; 2 it cannot be done so;",
            "3 its job is behind the log. With any but 0, nothing was changed."
        },
        mixinStandardHelpOptions = true)
final class TakeoverCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Option(names = "--view", paramLabel = "NAME", description = "The view.")
    private @Nullable String view;

    @Option(names = "--to", paramLabel = "VERSION", description = "The version. Default: the greatest.")
    private @Nullable Integer to;

    @Option(names = "--rollback", description = "Go back to the version that was current before.")
    private boolean rollback;

    @Option(
            names = "--force",
            description = "Do not wait for the version's job and compare nothing. The certificate says so.")
    private boolean force;

    @Option(names = "--list", description = "Print the certificates of earlier takeovers, the newest first.")
    private boolean list;

    @Option(
            names = "--entities",
            paramLabel = "N|all",
            defaultValue = "1000",
            description = "How many entities to compare. Default: ${DEFAULT-VALUE}.")
    private String entities = "1000";

    @Mixin
    private ProofOptions proof = new ProofOptions();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10m",
            description = "How long to wait until the version's job has caught up. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofMinutes(10);

    @Mixin
    private StoreOptions stores = new StoreOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--json", description = "Write the certificate, and differences, as one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        int sample = check();
        TakeoverOutput output = new TakeoverOutput(
                json, spec.commandLine().getOut(), spec.commandLine().getErr());
        if (list) {
            return list(output);
        }
        DemoEndpoints endpoints = stores.endpoints();
        try (Postgres database = PostgresLogin.connect(endpoints.postgres());
                RedisOnlineStore online = RedisOnlineStore.connect(endpoints.redis())) {
            Registry registry = Registry.open(database);
            TakeoverRun.Plan plan = plan(registry, sample);
            TakeoverRun.Stores both = new TakeoverRun.Stores(registry, online, new PostgresHistoryStore(database));
            return new TakeoverRun(plan, both, output).run();
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        } catch (RegistryConflictException e) {
            output.refusal(String.valueOf(e.getMessage()));
            return Failures.FAILED;
        } catch (PostgresException | OnlineStoreException e) {
            // Not to be mistaken for a difference.
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private int list(TakeoverOutput output) throws IOException {
        try (Postgres database = PostgresLogin.connect(stores.onlyPostgres())) {
            Registry.open(database).takeovers().stream()
                    .filter(takeover -> view == null || view.equals(takeover.view()))
                    .forEach(output::certificate);
            return 0;
        } catch (PostgresException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    /** @return how many entities to compare */
    private int check() {
        if (view == null && !list) {
            throw new UserException("Which view? Give --view NAME.");
        }
        if (proof.kafka().isEmpty() && !list) {
            throw new UserException("A takeover reads the log: give --kafka HOST:PORT, or set TIDEMARK_KAFKA.");
        }
        if (rollback && to != null) {
            throw new UserException("--rollback finds the version itself; without it, --to takes any version.");
        }
        try {
            int number = entities.equals(ALL) ? Integer.MAX_VALUE : Integer.parseInt(entities);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UserException("--entities is " + entities + "; it takes a number from 1 on, or all.");
    }

    private TakeoverRun.Plan plan(Registry registry, int sample) {
        String name = Objects.requireNonNull(view);
        String brokers = proof.kafka().orElseThrow();
        Definitions definitions = registry.load();
        FeatureView from = definitions
                .view(name)
                .orElseThrow(
                        () -> new UserException("There is no feature view '" + name + "' in the registry. There are: "
                                + definitions.views().stream()
                                        .map(FeatureView::name)
                                        .distinct()
                                        .toList() + "."));
        int wanted = rollback ? before(from, registry.takeovers()) : to != null ? to : greatest(definitions, name);
        FeatureView target = definitions
                .view(name, wanted)
                .orElseThrow(
                        () -> new UserException(name + " has no version " + wanted + " in the registry. Its versions: "
                                + definitions.views().stream()
                                        .filter(each -> each.name().equals(name))
                                        .map(FeatureView::version)
                                        .sorted()
                                        .toList()
                                + ". Submit it first."));
        if (target.equals(from)) {
            throw new UserException(from.id() + " is the current version already. Name another with --to VERSION.");
        }
        return new TakeoverRun.Plan(
                definitions,
                from,
                target,
                brokers,
                sample,
                proof.seed(),
                timeout,
                proof.patience(),
                force,
                cluster.given());
    }

    private static int before(FeatureView current, List<Takeover> takeovers) {
        return takeovers.stream()
                .filter(takeover -> takeover.view().equals(current.name()))
                .findFirst()
                .map(Takeover::from)
                .orElseThrow(() -> new UserException(current.id()
                        + " has been the current version from the beginning; there is none to go back to."));
    }

    private static int greatest(Definitions definitions, String name) {
        return definitions.views().stream()
                .filter(each -> each.name().equals(name))
                .map(FeatureView::version)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
