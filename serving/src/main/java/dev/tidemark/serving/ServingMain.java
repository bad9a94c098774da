package dev.tidemark.serving;

import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.RedisOnlineStore;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the server as a program of its own. */
@Command(
        name = "tidemark-serving",
        mixinStandardHelpOptions = true,
        description = "Serves online features over HTTP.",
        footer = "The password of Postgres is read from TIDEMARK_POSTGRES_PASSWORD.")
public final class ServingMain implements Callable<Integer> {
    private static final int CANNOT_START = 2;

    @Option(
            names = "--host",
            defaultValue = "${env:TIDEMARK_SERVING_HOST:-127.0.0.1}",
            description = "Interface to listen on; TIDEMARK_SERVING_HOST, else 127.0.0.1.")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "${env:TIDEMARK_SERVING_PORT:-6566}",
            description = "Port to listen on, 0 for any; TIDEMARK_SERVING_PORT, else 6566.")
    private int port;

    @Option(
            names = "--postgres-url",
            required = true,
            defaultValue = "${env:TIDEMARK_POSTGRES_URL}",
            description = "JDBC URL of the registry's database; TIDEMARK_POSTGRES_URL.")
    private String postgresUrl = "";

    @Option(
            names = "--postgres-user",
            defaultValue = "${env:TIDEMARK_POSTGRES_USER}",
            description = "Its user, unless the URL says it; TIDEMARK_POSTGRES_USER.")
    private @Nullable String postgresUser;

    @Option(
            names = "--redis-uri",
            required = true,
            defaultValue = "${env:TIDEMARK_REDIS_URI}",
            description = "Address of the online store, such as redis://host:6379; TIDEMARK_REDIS_URI.")
    private String redisUri = "";

    private ServingMain() {}

    /** Runs until the process is told to end; exits with 2 if the server cannot start. */
    public static void main(String[] arguments) {
        // This program's logging, unless told otherwise; a program that embeds the server brings its own.
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty("log4j2.configurationFile", "classpath:tidemark-serving-log4j2.xml");
        }
        System.exit(new CommandLine(new ServingMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Postgres postgres =
                        Postgres.connect(postgresUrl, postgresUser, System.getenv("TIDEMARK_POSTGRES_PASSWORD"));
                RedisOnlineStore store = RedisOnlineStore.connect(redisUri);
                FeatureServer server = FeatureServer.start(
                        new FeatureServer.Config(host, port),
                        new RegistryDefinitions(postgres),
                        store,
                        Clock.systemUTC())) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            LoggerFactory.getLogger(ServingMain.class).info("Listening on {}", server.url());
            new CountDownLatch(1).await();
            return 0;
        } catch (ServerStartException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CANNOT_START;
        }
    }
}
