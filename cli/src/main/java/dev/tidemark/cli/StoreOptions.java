package dev.tidemark.cli;

import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the stores are. */
final class StoreOptions {
    @Option(
            names = "--postgres",
            paramLabel = "JDBC_URL",
            defaultValue = "${env:TIDEMARK_POSTGRES_URL}",
            description =
                    "Registry and history. Default: TIDEMARK_POSTGRES_URL; without --redis either, those of a running demo.")
    private @Nullable String postgres;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            defaultValue = "${env:TIDEMARK_REDIS_URI}",
            description =
                    "The online store. Default: TIDEMARK_REDIS_URI; without --postgres either, that of a running demo.")
    private @Nullable String redis;

    /**
     * Of a command that needs no online store.
     *
     * @throws UserException as {@link #endpoints}
     */
    String onlyPostgres() throws IOException {
        if (postgres == null || redis != null) {
            return endpoints().postgres();
        }
        try {
            Postgres.checkUrl(postgres);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
        return postgres;
    }

    /** @throws UserException if it is not known where the stores are, or an address is none */
    DemoEndpoints endpoints() throws IOException {
        if (postgres != null && redis != null) {
            try {
                Postgres.checkUrl(postgres);
                RedisOnlineStore.connect(redis).close();
            } catch (IllegalArgumentException e) {
                throw new UserException(String.valueOf(e.getMessage()));
            }
            return new DemoEndpoints(postgres, redis);
        }
        if (postgres != null || redis != null) {
            // Not those of a demo, which would be another place than was meant.
            throw new UserException(
                    postgres != null
                            ? "Where is Redis? --postgres or TIDEMARK_POSTGRES_URL says where Postgres is: give --redis as well,"
                                    + " or set TIDEMARK_REDIS_URI."
                            : "Where is Postgres? --redis or TIDEMARK_REDIS_URI says where Redis is: give --postgres as well,"
                                    + " or set TIDEMARK_POSTGRES_URL.");
        }
        return DemoEndpoints.find()
                .orElseThrow(
                        () -> new UserException(
                                "Where are the stores? Give --postgres and --redis, set"
                                        + " TIDEMARK_POSTGRES_URL and TIDEMARK_REDIS_URI, or start ./tidemark demo in another terminal."));
    }
}
