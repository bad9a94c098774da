package dev.tidemark.serving;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.serving.CatalogRefresher.RegistryState;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What the server answers to which path. */
final class Routes {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final CatalogRefresher catalogs;
    private final OnlineStore store;
    private final StoreWatch watch;
    private final WaitingRoom waiting;
    private final Executor writers;
    private final LargeRequests large = new LargeRequests();
    private final Clock clock;
    private final ApiMetrics metrics;

    /** @param writers write the answers to those who waited */
    Routes(
            CatalogRefresher catalogs,
            OnlineStore store,
            StoreWatch watch,
            WaitingRoom waiting,
            Executor writers,
            Clock clock,
            ApiMetrics metrics) {
        this.catalogs = catalogs;
        this.store = store;
        this.watch = watch;
        this.waiting = waiting;
        this.writers = writers;
        this.clock = clock;
        this.metrics = metrics;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/get-online-features", this::getOnlineFeatures);
        routes.get("/health", this::health);
        routes.get("/ready", this::ready);
        // Without these, Javalin answers HEAD with 200 wherever there is a GET.
        routes.head("/health", this::health);
        routes.head("/ready", this::ready);
        routes.get("/metrics", this::metrics);
        routes.exception(Exception.class, Errors::answer);
        // Javalin has a handler of its own for these, which would come first.
        routes.exception(HttpResponseException.class, Errors::answer);
    }

    private void getOnlineFeatures(Context context) throws IOException {
        OnlineRequest request = OnlineRequest.parse(body(context));
        Catalog catalog = catalogs.catalog()
                .orElseThrow(() -> ApiException.unavailable(
                        "The feature definitions are not loaded yet. GET /ready says what is missing."));
        OnlineQuery query = OnlineQuery.of(request, catalog);
        if (!watch.answers()) {
            throw ApiException.unavailable("The online store does not answer. Try again in a moment.");
        }
        Runnable end = large.begin(query.size());
        // Not before the last byte of the answer is sent, or the client has gone.
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(context.req()), failure -> end.run());
        WaitFor waitFor = request.waitFor();
        if (waitFor == null) {
            answer(query, metrics.reads().record(() -> store.find(query.lookups())), context);
            return;
        }
        CompletableFuture<List<@Nullable OnlineRow>> rows = waiting.rows(query, waitFor.timeout());
        // Javalin writes the answer, to a client that may be slow, in the thread that completes this. It must neither
        // be one that looks after those who wait, nor one of those that the whole program shares.
        context.future(() -> rows.thenAcceptAsync(found -> answer(query, found, context), writers)
                .exceptionallyAsync(failure -> fail(failure, context), writers));
    }

    /** Javalin's own way to read it would keep it until the answer is sent, which for those who wait is long. */
    private static byte[] body(Context context) throws IOException {
        int limit = FeatureServer.MAX_BODY_BYTES;
        byte[] body = context.contentLength() > limit
                ? new byte[0]
                : context.bodyInputStream().readNBytes(limit + 1);
        if (context.contentLength() > limit || body.length > limit) {
            throw new ContentTooLargeResponse();
        }
        return body;
    }

    private void answer(OnlineQuery query, List<@Nullable OnlineRow> rows, Context context) {
        Instant now = clock.instant();
        query.forEachView(
                rows, (view, found) -> metrics.recordFreshness(view.view().id(), found, now));
        OnlineAnswer answer = query.answer(rows, now);
        context.contentType("application/json").result(answer.toJson());
    }

    private static @Nullable Void fail(Throwable failure, Context context) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Errors.answer(cause instanceof Exception exception ? exception : new IllegalStateException(cause), context);
        return null;
    }

    private void health(Context context) {
        context.status(watch.answers() ? OK : UNAVAILABLE);
    }

    private void ready(Context context) {
        boolean loaded = catalogs.catalog().isPresent();
        RegistryState registry = catalogs.registry();
        boolean online = watch.answers();
        boolean ready = loaded && registry == RegistryState.ANSWERS && online;
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("ready", ready)
                .put("definitions", loaded ? "loaded" : "not loaded")
                .put("registry", registry.toString())
                .put("online_store", online ? "answers" : "does not answer");
        context.status(ready ? OK : UNAVAILABLE).contentType("application/json").result(answer.toString());
    }

    private void metrics(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
}
