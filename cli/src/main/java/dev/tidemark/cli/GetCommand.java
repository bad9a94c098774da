package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureService;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "get",
        description = "What both stores hold for an entity now, decoded.",
        mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {
    @Option(names = "--service", paramLabel = "NAME", required = true, description = "A feature service.")
    private String service = "";

    @Option(
            names = "--entity",
            paramLabel = "KEY=VALUE",
            required = true,
            description = "A join key and its value; once for each join key that the service's views have.")
    private List<String> entity = List.of();

    @Mixin
    private StoreOptions stores = new StoreOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Map<String, String> keys = keys();
        try {
            print(stores.endpoints(), keys);
            return 0;
        } catch (PostgresException | OnlineStoreException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private void print(DemoEndpoints endpoints, Map<String, String> keys) {
        try (Postgres database = PostgresLogin.connect(endpoints.postgres());
                RedisOnlineStore online = RedisOnlineStore.connect(endpoints.redis())) {
            Definitions definitions = Registry.open(database).load();
            FeatureService found = definitions
                    .service(service)
                    .orElseThrow(() -> new UserException("There is no feature service '" + service + "'. There are: "
                            + definitions.services().stream()
                                    .map(FeatureService::name)
                                    .toList()
                            + "."));
            new StoredValues(online, new PostgresHistoryStore(database), Clock.systemUTC())
                    .print(found, keys, spec.commandLine().getOut());
        }
    }

    /** Not left to picocli, which takes quotes within a value for its own. */
    private Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String pair : entity) {
            int split = pair.indexOf('=');
            if (split < 1) {
                throw new UserException("--entity " + pair + " has no join key: write KEY=VALUE.");
            }
            String key = pair.substring(0, split);
            if (keys.put(key, pair.substring(split + 1)) != null) {
                throw new UserException("--entity gives the join key " + key + " twice. Ask for one entity at a time.");
            }
        }
        return keys;
    }
}
