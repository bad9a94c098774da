package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.audit.ContinuousAudit;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A round of two views: of the first, a row lacks its history; at the second, the online store goes away. */
final class AuditRoundsTest {
    private final StringWriter out = new StringWriter();
    private final StopSignal stop = new StopSignal();

    @Test
    void whatWasFoundBeforeARoundFailedCounts() throws Exception {
        List<FeatureView> views = DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", "payments"))
                .views();
        FeatureView first = views.get(0);
        ContinuousAudit audit = new ContinuousAudit(online(first), history(), 10, 0, Duration.ZERO);
        PrintWriter printed = new PrintWriter(out, true);
        AuditRounds.Views once = () -> {
            stop.wish();
            return views;
        };
        AuditRounds rounds = new AuditRounds(audit, once, AuditOutput.of(false, printed), printed);
        try (AuditMetrics metrics = AuditMetrics.listen(0)) {
            assertThat(rounds.run(Duration.ZERO, stop, metrics)).isEqualTo(1);
            assertThat(scrape(metrics))
                    .contains("tidemark_audit_mismatches_total{view=\"" + first.id() + "\"} 1.0")
                    .contains("tidemark_audit_entities_total{view=\"" + first.id() + "\"} 1.0")
                    .contains("tidemark_audit_failures_total 1.0")
                    .contains("tidemark_audit_rounds_total 0.0");
        }
        assertThat(out.toString())
                .contains("round=1 could not be finished: Redis is away")
                .endsWith("mismatches=1\n");
    }

    private static OnlineStore online(FeatureView only) {
        int features = only.features().size();
        OnlineRow row = new OnlineRow(
                new FeatureRow(Collections.nCopies(features, null), 1, FeatureRow.NEVER, 0), LogPosition.NONE, 1);
        return fake(OnlineStore.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "frontiers" -> List.of(Frontier.UNKNOWN);
            case "find" -> List.of(row);
            case "scan" -> {
                if (!arguments[0].equals(only)) {
                    throw new OnlineStoreException("Redis is away", new IOException());
                }
                @SuppressWarnings("unchecked")
                BiConsumer<String, OnlineRow> rows = (BiConsumer<String, OnlineRow>) arguments[1];
                rows.accept(JoinKeys.encode(only.entity(), List.of("x")), row);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** It has come to the end of time, and has no row. */
    private static HistoryStore history() {
        return fake(HistoryStore.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "settled" -> Long.MAX_VALUE;
            case "rows" -> List.of();
            case "scan" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static String scrape(AuditMetrics metrics) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(metrics.url())).build(), BodyHandlers.ofString())
                .body();
    }
}
