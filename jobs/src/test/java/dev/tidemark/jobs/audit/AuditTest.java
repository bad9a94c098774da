package dev.tidemark.jobs.audit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What keeps an audit from its end is not mistaken for a difference. */
final class AuditTest {
    /** More than a temporary file takes; what the disk says when it is full comes the same way. */
    private static final String TOO_LONG = "x".repeat(1 << 16);

    private final FeatureView view = TestViews.byCard(TestViews.payments("payments"));

    @Test
    void temporaryFilesThatCannotBeWrittenAreTheUsersToMend() {
        OnlineRow row = new OnlineRow(
                new FeatureRow(Arrays.asList(1L, 1.0, 1.0, "NL"), 1, FeatureRow.NEVER, 0), LogPosition.NONE, 1);
        Audit audit = new Audit(
                onlineWith(TOO_LONG, row),
                fake(HistoryStore.class),
                new Audit.Options(null, Integer.MAX_VALUE, 1, Duration.ZERO));

        assertThatThrownBy(() -> audit.run(List.of(view), difference -> {}))
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("Could not write a temporary file: ")
                .hasMessageContaining("Temporary files are in " + System.getProperty("java.io.tmpdir"))
                .hasMessageContaining("JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR");
        ContinuousAudit rounds =
                new ContinuousAudit(onlineWith(TOO_LONG, row), fake(HistoryStore.class), 10, 1, Duration.ZERO);
        assertThatThrownBy(() -> rounds.round(List.of(view), difference -> {}, (id, round) -> {}))
                .isInstanceOf(JobSetupException.class);
    }

    @Test
    void brokersThatStopAnsweringAreTheUsersToMend() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        try (SourceLog log = new SourceLog(view.source(), consumer, Map.of(new TopicPartition("payments", 0), 1L))) {
            consumer.setOffsetsException(new TimeoutException("no answer"));
            assertThatThrownBy(log::stoodStill)
                    .isInstanceOf(JobSetupException.class)
                    .hasMessage("Could not read the topic payments of source payments: no answer");
        }
    }

    private static OnlineStore onlineWith(String key, OnlineRow row) {
        return (OnlineStore) Proxy.newProxyInstance(
                AuditTest.class.getClassLoader(), new Class<?>[] {OnlineStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("scan")) {
                        @SuppressWarnings("unchecked")
                        BiConsumer<String, OnlineRow> rows = (BiConsumer<String, OnlineRow>) arguments[1];
                        rows.accept(key, row);
                    }
                    return method.getName().equals("frontiers") ? List.of(Frontier.UNKNOWN) : null;
                });
    }

    /** Has nothing. */
    private static <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }
}
