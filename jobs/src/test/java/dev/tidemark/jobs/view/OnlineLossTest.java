package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.view.OnlineLoss.Before;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the online store has lost its rows, every entity that has state gets its row again, once. */
class OnlineLossTest {
    private static final FeatureView VIEW = TestViews.byMerchant(TestViews.payments("payments"));
    private static final ViewOptions OPTIONS = FeatureHarness.options(false, false);
    private static final long START = 1_700_000_000_000L;
    private static final int ENTITIES = 1_300;

    /** What the probes find in the store; static, because Flink may copy them. */
    private static boolean lost;

    private static boolean whole;
    private static boolean away;
    private static long count;

    private static final List<Before> opened = new ArrayList<>();
    private static int probes;

    private static final class Probe implements OnlineLoss.Probe {
        private boolean known;
        private boolean mended;

        Probe(int instance, Before before) {
            probes++;
            opened.add(before);
        }

        @Override
        public boolean happened() {
            if (away) {
                return false;
            }
            count++;
            if (lost || (!whole && !known)) {
                lost = false;
                whole = false;
                known = true;
                mended = false;
                return true;
            }
            whole |= mended;
            return false;
        }

        @Override
        public void mended() {
            mended = true;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void close() {
            probes--;
        }
    }

    @BeforeEach
    void nothingIsLost() {
        lost = false;
        whole = true;
        away = false;
        count = 0;
        opened.clear();
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
            walk(harness, START + 6_000);
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

    @Test
    void isMendedWhenACheckpointIsCompleteThatBeganAfterTheLastRow() throws Exception {
        try (FeatureHarness harness = open()) {
            payments(harness);
            lost = true;
            harness.clockOnce(START + 5_000);
            harness.begin(1);
            walk(harness, START + 5_000);
            harness.complete(1);
            harness.clock(START + 7_000);
            assertThat(whole).as("the first checkpoint saw only some rows").isFalse();

            harness.begin(2);
            harness.clock(START + 8_000);
            assertThat(whole).as("nor is the second complete").isFalse();

            harness.complete(2);
            harness.clock(START + 9_000);
            assertThat(whole).isTrue();
            assertThat(harness.publishedCount()).isEqualTo(2 * ENTITIES);
        }
    }

    @Test
    void beginsAnewIfTheRowsAreLostAgainBeforeTheCheckpoint() throws Exception {
        try (FeatureHarness harness = open()) {
            payments(harness);
            lost = true;
            harness.clockOnce(START + 5_000);
            walk(harness, START + 5_000);
            harness.begin(1);
            lost = true;
            harness.clockOnce(START + 7_000);
            walk(harness, START + 7_000);
            assertThat(harness.publishedCount()).isEqualTo(3 * ENTITIES);

            harness.complete(1);
            harness.clock(START + 9_000);
            assertThat(whole).as("it began before the second loss").isFalse();
            harness.checkpoint(2);
            harness.clock(START + 10_000);
            assertThat(whole).isTrue();
            assertThat(harness.publishedCount()).isEqualTo(3 * ENTITIES);
        }
    }

    @Test
    void whatAnOperatorLeftUnfinishedTheNextOneSends() throws Exception {
        FeatureHarness first = open();
        payments(first);
        lost = true;
        first.clockOnce(START + 5_000);
        walk(first, START + 5_000);
        try (FeatureHarness second = first.restoreInto(VIEW, OPTIONS, Probe::new)) {
            second.clock(START + 8_000);
            walk(second, START + 8_000);
            assertThat(second.publishedKeys()).doesNotHaveDuplicates().hasSize(ENTITIES);

            second.checkpoint(1);
            second.clock(START + 10_000);
            assertThat(whole).isTrue();
        }
        assertThat(probes).isZero();
    }

    @Test
    void waitsForAStoreThatIsAway() throws Exception {
        try (FeatureHarness harness = open()) {
            payments(harness);
            lost = true;
            away = true;
            harness.clock(START + 5_000);
            walk(harness, START + 5_000);
            assertThat(harness.publishedCount()).isEqualTo(ENTITIES);

            away = false;
            harness.clock(START + 7_000);
            walk(harness, START + 7_000);
            assertThat(harness.publishedCount()).isEqualTo(2 * ENTITIES);
        }
    }

    @Test
    void keepsHowOftenItAsked() throws Exception {
        FeatureHarness first = open();
        count = 41;
        first.clock(START + 5_000);
        first.restoreInto(VIEW, OPTIONS, Probe::new).close();

        assertThat(opened).hasSize(2).startsWith(new Before(0, true));
        assertThat(opened.get(1).whole()).isTrue();
        assertThat(opened.get(1).count()).isEqualTo(count).isGreaterThan(41);
    }

    /** Some entities of the instance that has not sent all move to others, which find nothing missing themselves. */
    @Test
    void withAnotherParallelismAllSendWhatOneStillOwed() throws Exception {
        OperatorSubtaskState unfinished;
        try (FeatureHarness harness = open()) {
            payments(harness);
            lost = true;
            harness.clockOnce(START + 5_000);
            unfinished = harness.begin(1);
            walk(harness, START + 5_000);
            OperatorSubtaskState sent = harness.begin(2);
            long asked = count;
            opened.clear();

            restore(sent, 1, 2);
            assertThat(opened).containsExactly(new Before(asked, true), new Before(0, true));
        }
        opened.clear();
        restore(unfinished, 1, 2);
        assertThat(opened).extracting(Before::whole).containsExactly(false, false);
        opened.clear();
        restore(unfinished, 1, 1);
        assertThat(opened).extracting(Before::whole).as("the store knows").containsExactly(true);
    }

    private static void restore(OperatorSubtaskState state, int before, int after) throws Exception {
        for (int i = 0; i < after; i++) {
            try (var harness = FeatureHarness.subtask(VIEW, OPTIONS, Probe::new, FeatureHarness.KEY_GROUPS, after, i)) {
                harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, FeatureHarness.KEY_GROUPS, before, after, i));
                harness.open();
            }
        }
    }

    /** Lets time go on until all rows have been sent again. */
    private static void walk(FeatureHarness harness, long instant) throws Exception {
        harness.clock(instant + 100);
        harness.clock(instant + 200);
    }

    private static FeatureHarness open() throws Exception {
        FeatureHarness harness = FeatureHarness.open(VIEW, OPTIONS, Probe::new);
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
