package dev.tidemark.serving;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.stores.OnlineStoreException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an exception becomes an answer: {@code {"detail": ...}}, never a stack trace. */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final int TOO_LARGE = 413;
    private static final int INTERNAL = 500;
    private static final int UNAVAILABLE = 503;

    private Errors() {}

    static void answer(Exception exception, Context context) {
        if (exception instanceof ApiException e) {
            write(context, e.status(), body(e));
        } else if (exception instanceof OnlineStoreException e) {
            LOG.error("{}", e.getMessage(), e);
            write(context, UNAVAILABLE, "The online store could not be read. The server's log says why.");
        } else if (exception instanceof HttpResponseException e) {
            e.getDetails().forEach((name, value) -> LOG.debug("{}: {}", name, value));
            write(context, e.getStatus(), detail(e, context));
        } else {
            LOG.error("{} {} failed", context.method(), context.path(), exception);
            write(context, INTERNAL, "The server failed to answer. Its log says why.");
        }
    }

    private static String detail(HttpResponseException exception, Context context) {
        return switch (exception.getStatus()) {
            case 404 ->
                "There is nothing at " + Shown.text(context.path()) + ". There are: POST /get-online-features, "
                        + "GET /health, GET /ready, GET /metrics.";
            case 405 -> context.method() + " is not possible at " + Shown.text(context.path()) + ".";
            case TOO_LARGE ->
                "The body is larger than " + FeatureServer.MAX_BODY_BYTES + " bytes. Send several requests.";
            default -> String.valueOf(exception.getMessage());
        };
    }

    private static ObjectNode body(ApiException exception) {
        ObjectNode body = body(exception.detail());
        for (ApiException.Lag lag : exception.behind()) {
            body.withArray("/behind")
                    .addObject()
                    .put("view", lag.view())
                    .put("topic", lag.topic())
                    .put("partition", lag.partition())
                    .put("wanted", lag.wanted())
                    .put("reached", lag.reached());
        }
        return body;
    }

    private static ObjectNode body(String detail) {
        return JsonNodeFactory.instance.objectNode().put("detail", detail);
    }

    private static void write(Context context, int status, String detail) {
        write(context, status, body(detail));
    }

    private static void write(Context context, int status, ObjectNode body) {
        context.status(status).contentType("application/json").result(body.toString());
    }
}
