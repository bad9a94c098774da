package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.jobs.TestViews;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the online store has lost its rows, every entity that has state gets its row again, once. */
class OnlineLossTest {
    private static final FeatureView VIEW = TestViews.byMerchant(TestViews.payments("payments"));
    private static final long START = 1_700_000_000_000L;
    private static final int ENTITIES = 1_300;

    /** What the probe says next; static, because Flink may copy it. */
    private static boolean lost;

    private static int probes;

    private record Probe(int instance) implements OnlineLoss.Probe {
        Probe {
            probes++;
        }

        @Override
        public boolean happened() {
            boolean result = lost;
            lost = false;
            return result;
        }

        @Override
        public void close() {
            probes--;
        }
    }

    @BeforeEach
    void nothingIsLost() {
        lost = false;
    }

    @Test
    void sendsTheRowsOfAllEntitiesAgainWhetherInMemoryOrNot() throws Exception {
        try (FeatureHarness harness = open()) {
            List<LogEvent> events = payments(harness);
            harness.clock(START + 5_000);
            assertThat(harness.publishedCount()).isEqualTo(ENTITIES);
            List<FeatureRow> rows = rows(harness, events);

            lost = true;
            harness.clock(START + 6_000);
            harness.clock(START + 6_100);
            harness.clock(START + 6_200);
            List<String> published = harness.publishedKeys();
            assertThat(published.subList(ENTITIES, published.size()))
                    .containsExactlyInAnyOrderElementsOf(published.subList(0, ENTITIES));
            assertThat(rows(harness, events)).isEqualTo(rows);

            harness.clock(START + 9_000);
            assertThat(harness.publishedCount()).as("not again").isEqualTo(2 * ENTITIES);
        }
        assertThat(probes).isZero();
    }

    @Test
    void closesWhatItHasNotReadToTheEnd() throws Exception {
        try (FeatureHarness harness = open()) {
            payments(harness);
            lost = true;
            harness.clockOnce(START + 5_000);
            assertThat(harness.publishedCount()).isBetween(ENTITIES + 1, 2 * ENTITIES - 1);
        }
    }

    private static FeatureHarness open() throws Exception {
        FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false), Probe::new);
        harness.clock(START);
        return harness;
    }

    private static List<LogEvent> payments(FeatureHarness harness) throws Exception {
        List<LogEvent> events = LongStream.range(0, ENTITIES)
                .mapToObj(i ->
                        new LogEvent(0, i, START, Map.of("card", "c", "merchant", i, "country", "DE", "amount", 1.5)))
                .toList();
        for (LogEvent event : events) {
            harness.event(event);
        }
        return events;
    }

    private static List<FeatureRow> rows(FeatureHarness harness, List<LogEvent> events) {
        return events.stream()
                .map(event -> harness.published(harness.key(event)))
                .toList();
    }
}
