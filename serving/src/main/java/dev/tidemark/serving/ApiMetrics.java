package dev.tidemark.serving;

import dev.tidemark.stores.OnlineRow;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the server counts, in the names that existing dashboards chart. */
final class ApiMetrics implements AutoCloseable {
    private static final Duration[] BUCKETS = DoubleStream.of(
                    0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
            .mapToObj(millis -> Duration.ofNanos((long) (millis * 1e6)))
            .toArray(Duration[]::new);

    private static final Duration[] AGES = Stream.of(
                    "PT0.1S", "PT1S", "PT10S", "PT1M", "PT10M", "PT1H", "PT6H", "P1D", "P7D", "P30D")
            .map(Duration::parse)
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    private final Timer reads = Timer.builder("feature_store_db_query_duration")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);

    ApiMetrics() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Counts a request that was answered. */
    void record(Context request, float millis) {
        // What no route matches is one series: a client must not be able to make up more.
        Endpoint route = request.endpoints().matchedHttpEndpoint();
        String endpoint = route == null ? "unmatched" : route.path;
        String method = route == null ? "unmatched" : route.method.name();
        String status = Integer.toString(request.statusCode());
        registry.counter("feature_store_api_requests", "endpoint", endpoint, "method", method, "status", status)
                .increment();
        Timer.builder("feature_store_api_latency")
                .tags("endpoint", endpoint, "method", method)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1e6)));
    }

    /** Measures how long the online store takes to give the rows of a request. */
    Timer reads() {
        return reads;
    }

    /** Notes how long ago the last events were of entities whose rows were served. */
    void recordFreshness(String view, Collection<@Nullable OnlineRow> rows, Instant now) {
        Timer freshness = Timer.builder("feature_store_feature_freshness")
                .tag("view", view)
                .serviceLevelObjectives(AGES)
                .register(registry);
        for (OnlineRow row : rows) {
            if (row != null) {
                // Clocks differ, and an event may be ahead of this one.
                long age = now.toEpochMilli() - row.row().lastEventTime();
                freshness.record(Math.max(age, 0), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Shows how many requests wait at the moment. */
    void showWaiting(Supplier<Number> waiting) {
        Gauge.builder("feature_store_api_waiting_requests", waiting).register(registry);
    }

    /** All metrics in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
