package dev.tidemark.serving;

import dev.tidemark.defs.Definitions;
import dev.tidemark.stores.OnlineStore;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running HTTP server. */
public final class FeatureServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureServer.class);
    static final int MAX_BODY_BYTES = 8 << 20;

    /** How many answers are written at once to those who waited. Each may be held up by a slow client. */
    private static final int WRITERS = 32;
    /** How many of those who wait have their rows read at once. */
    private static final int READERS = 8;

    /** How long requests under way may still take when the server is closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Config config;
    private final ApiMetrics metrics = new ApiMetrics();
    private final CatalogRefresher catalogs;
    private final StoreWatch watch;
    private final ExecutorService readers = Daemons.pool("reads", READERS);
    private final ExecutorService writers = Daemons.pool("answers", WRITERS);
    private final WaitingRoom waiting;
    private final Javalin javalin;

    private FeatureServer(
            Config config, Supplier<Definitions> definitions, OnlineStore store, Clock clock, LongSupplier nanos) {
        this.config = config;
        this.catalogs = CatalogRefresher.start(definitions, nanos);
        this.watch = StoreWatch.start(store, nanos);
        this.waiting = WaitingRoom.open(store, metrics.reads(), readers);
        metrics.showWaiting(waiting::size);
        Routes routes = new Routes(catalogs, store, watch, waiting, writers, clock, metrics);
        this.javalin = Javalin.create(configured -> configure(configured, routes, metrics));
    }

    /**
     * Starts a server. It starts even if definitions or store do not answer yet; {@code GET /ready} says so.
     *
     * @param definitions asked several times a second, from one thread; it should give the same object while nothing changed
     * @param store closing it is left to the caller
     * @param clock says what time it is for ttl and for derived features
     * @throws ServerStartException if the port is taken, or the host is not this machine
     */
    public static FeatureServer start(
            Config config, Supplier<Definitions> definitions, OnlineStore store, Clock clock) {
        return start(config, definitions, store, clock, System::nanoTime);
    }

    /**
     * As {@link #start(Config, Supplier, OnlineStore, Clock)}.
     *
     * @param nanos says for how long definitions and store have not answered, as {@link System#nanoTime}
     */
    static FeatureServer start(
            Config config, Supplier<Definitions> definitions, OnlineStore store, Clock clock, LongSupplier nanos) {
        FeatureServer server = new FeatureServer(config, definitions, store, clock, nanos);
        try {
            server.javalin.start(config.host(), config.port());
        } catch (JavalinBindException e) {
            server.close();
            throw new ServerStartException(cannotListen(config), e);
        }
        return server;
    }

    private static String cannotListen(Config config) {
        String what = "Could not listen on port " + config.port() + " of " + config.host() + ": ";
        try {
            if (NetworkInterface.getByInetAddress(InetAddress.getByName(config.host())) == null
                    && !InetAddress.getByName(config.host()).isAnyLocalAddress()) {
                return what + "that is not an address of this machine. Choose 127.0.0.1, or 0.0.0.0 for all it has.";
            }
        } catch (IOException e) {
            return what + "there is no host of that name. Choose 127.0.0.1, or 0.0.0.0 for all addresses.";
        }
        return what + "another program has it, or this one may not. Choose another port.";
    }

    private static void configure(JavalinConfig javalin, Routes routes, ApiMetrics metrics) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.http.prefer405over404 = true;
        javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        javalin.jetty.modifyServer(server -> {
            server.setStopTimeout(FAREWELL.toMillis());
            server.insertHandler(new GracefulHandler());
        });
        javalin.requestLogger.http(metrics::record);
        routes.addTo(javalin.routes);
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** The address as a client's base URL, without a slash at the end. */
    public String url() {
        return "http://" + config.host() + ":" + port();
    }

    /**
     * Stops listening. Requests under way are answered, and those that wait for records are told to ask another server. It may take
     * some seconds; what takes longer is cut off.
     */
    @Override
    public void close() {
        waiting.close();
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.warn("Requests were cut off that took longer than {}.", FAREWELL, e);
        }
        writers.shutdownNow();
        readers.shutdownNow();
        watch.close();
        catalogs.close();
        metrics.close();
    }

    /**
     * Where to listen.
     *
     * @param host the name or address of an interface, for example {@code 127.0.0.1}
     * @param port 0 for any free port
     */
    public record Config(String host, int port) {
        private static final int MAX_PORT = 65_535;

        /** @throws IllegalArgumentException if the port is none */
        public Config {
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException("The port is " + port + ", but must be from 0 to " + MAX_PORT + ".");
            }
        }
    }
}
