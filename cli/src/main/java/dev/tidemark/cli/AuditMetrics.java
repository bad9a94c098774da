package dev.tidemark.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.jobs.audit.ContinuousAudit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a continuous audit has seen, for Prometheus, over HTTP on the loopback interface. */
final class AuditMetrics implements AutoCloseable {
    private static final int OK = 200;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter rounds = registry.counter("tidemark_audit_rounds");
    private final Counter failures = registry.counter("tidemark_audit_failures");
    private final AtomicLong lastRound = new AtomicLong();
    private final Map<String, Double> coverage = new ConcurrentHashMap<>();
    private final HttpServer server;

    private AuditMetrics(HttpServer server) {
        this.server = server;
        Gauge.builder("tidemark_audit_last_round_timestamp_seconds", () -> lastRound.get() / 1_000.0)
                .register(registry);
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free port
     * @throws UserException if the port is taken or none
     */
    static AuditMetrics listen(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            AuditMetrics metrics = new AuditMetrics(server);
            server.createContext("/metrics", metrics::answer);
            server.start();
            return metrics;
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException("Could not listen on port " + port + " for metrics: " + e.getMessage()
                    + ". Choose another with --metrics-port.");
        }
    }

    /** Where they are. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/metrics";
    }

    /** Counts a difference that stayed. */
    void mismatch(String view) {
        count("tidemark_audit_mismatches", view, 1);
    }

    /** Takes in what a round saw of a view. */
    void seen(String view, ContinuousAudit.Round round) {
        count("tidemark_audit_entities", view, round.result().entities());
        count("tidemark_audit_rows_compared", view, round.result().rows());
        count("tidemark_audit_mismatches", view, 0); // So that it is there before the first.
        if (coverage.put(view, round.coverage()) == null) {
            Gauge.builder("tidemark_audit_coverage", () -> coverage.getOrDefault(view, 0.0))
                    .tag("view", view)
                    .register(registry);
        }
    }

    /** Counts a round that was finished at an instant. */
    void finished(Instant end) {
        rounds.increment();
        lastRound.set(end.toEpochMilli());
    }

    /** Counts a round that could not be finished. */
    void failure() {
        failures.increment();
    }

    private void count(String name, String view, long number) {
        registry.counter(name, "view", view).increment(number);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(OK, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        registry.close();
    }
}
