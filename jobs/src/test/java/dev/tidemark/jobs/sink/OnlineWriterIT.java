package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.FencedException;
import dev.tidemark.stores.OnlineStore.Lookup;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The online store never goes back, whoever writes. */
class OnlineWriterIT {
    private static final String CARD = "[\"c\"]";

    private static Sandbox sandbox;
    private static RedisOnlineStore store;

    private final Counters counters = new Counters();

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
        store = RedisOnlineStore.connect(sandbox.redisUri());
    }

    @AfterAll
    static void stop() {
        store.close();
        sandbox.close();
    }

    @Test
    void doesNotTakeARowBackWhenAReplayComputesOlderOnes() throws Exception {
        FeatureView view = view("replay");
        OnlineWriter before = writer(view, 1);
        send(before, view, 100, 7, "0:41,1:9");

        OnlineWriter after = writer(view, 2);
        send(after, view, 50, 3, "0:20,1:9");
        send(after, view, 90, 6, "0:40,1:9");
        assertRow(view, 100, 7);
        send(after, view, 100, 7, "0:41,1:9");
        send(after, view, 120, 8, "0:42,1:9");
        assertRow(view, 120, 8);
        assertThat(counters.count("rowsBehind")).isEqualTo(2);
        assertThat(counters.count("rowsWritten")).isEqualTo(3);
        before.close();
        after.close();
    }

    @Test
    void failsOnceItWasReplaced() throws Exception {
        FeatureView view = view("zombie");
        OnlineWriter zombie = writer(view, 1);
        send(zombie, view, 100, 7, "0:41");
        OnlineWriter successor = writer(view, 2);
        send(successor, view, 110, 8, "0:42");

        assertThatThrownBy(() -> send(zombie, view, 120, 9, "0:43"))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("has taken the place")
                .hasMessageContaining(view.id());
        assertRow(view, 110, 8);
        assertThatCode(zombie::close).doesNotThrowAnyException();
        successor.close();
    }

    @Test
    void sendsABatchOfLargeRowsBeforeItHasMany() throws Exception {
        FeatureView view = view("large");
        OnlineWriter writer = writer(view, 1);
        String megabytes = "x".repeat(4 << 20);
        for (long count = 0; count < 10; count++) {
            writer.write(update(view, "[\"c0\"]", 100, count, megabytes, "0:41"), null); // Coalesced.
        }
        writer.write(update(view, "[\"c1\"]", 100, 1, megabytes, "0:42"), null);
        writer.write(update(view, "[\"c2\"]", 100, 1, megabytes, "0:43"), null);
        assertThat(counters.count("rowsWritten")).isZero();
        writer.write(update(view, "[\"c3\"]", 100, 1, megabytes, "0:44"), null);
        assertThat(counters.count("rowsWritten")).isEqualTo(4);

        writer.write(update(view, "[\"c0\"]", 110, 1, megabytes, "0:45"), null);
        assertThat(counters.count("rowsWritten")).as("of the next batch").isEqualTo(4);
        writer.close();
    }

    private static void assertRow(FeatureView view, long validFrom, long count) {
        assertThat(store.find(List.of(new Lookup(view, CARD))).get(0).row())
                .satisfies(row -> assertThat(row.validFrom()).isEqualTo(validFrom))
                .satisfies(row -> assertThat(row.values().get(0)).isEqualTo(count));
    }

    private static void send(OnlineWriter writer, FeatureView view, long validFrom, long count, String position)
            throws IOException, InterruptedException {
        writer.write(update(view, CARD, validFrom, count, "DE", position), null);
        writer.flush(false);
    }

    private static RowUpdate update(
            FeatureView view, String card, long validFrom, long count, String country, String position) {
        FeatureRow row =
                new FeatureRow(Arrays.asList(count, 1.5, null, country), validFrom, FeatureRow.NEVER, validFrom - 1);
        byte[] packed = RowCodec.of(view).encode(row);
        return new RowUpdate(card, validFrom, packed, LogPosition.parse(position), 0);
    }

    private OnlineWriter writer(FeatureView view, long epoch) {
        Epoch byHand = Epoch.byHand(view, epoch);
        RedisOnlineStore own = RedisOnlineStore.connect(sandbox.redisUri());
        return new OnlineWriter(
                view,
                byHand,
                own,
                new FrontierPublisher(view, byHand, own, 0, 1),
                OnlineSink.Batching.DEFAULT,
                new StorePatience(Duration.ofMillis(300)),
                new TestProcessingTimeService(),
                counters);
    }

    private static FeatureView view(String name) {
        return TestViews.byCard(TestViews.payments(name));
    }

    /** Counters that are the same for all writers of a test. */
    private static final class Counters extends UnregisteredMetricsGroup {
        private final Map<String, Counter> byName = new HashMap<>();

        @Override
        public Counter counter(String name) {
            return byName.computeIfAbsent(name, super::counter);
        }

        long count(String name) {
            return byName.get(name).getCount();
        }
    }
}
