package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RefusalReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An entity that everything has left takes no room, and comes back as if it had never been away. */
class ClosedEntitiesTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final FeatureView WINDOWED = TestViews.byMerchant(SOURCE);
    private static final long START = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000L;

    @Test
    void leavesNeitherStateNorTimersAfterItsLastRow() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(WINDOWED, FeatureHarness.options(true, false))) {
            harness.clock(START);
            harness.event(payment(0, START));
            assertThat(harness.entities()).isEqualTo(1);

            harness.clock(START + HOUR);
            harness.watermark(START + HOUR);
            assertThat(harness.published("[1,\"DE\"]").values()).containsExactly(0L, null);
            assertThat(harness.settled()).extracting(FeatureRow::validFrom).hasSize(2);

            harness.watermark(START + 3 * HOUR);
            harness.clock(START + 3 * HOUR);
            assertThat(harness.entities()).isZero();
            assertThat(harness.eventTimers()).isZero();
            assertThat(harness.wallTimers()).isZero();
        }
    }

    @Test
    void comesBackWithTheRowsOfAnEntityThatWasNeverAway() throws Exception {
        comesBack(WINDOWED);
    }

    @Test
    void theSameOfAViewThatKeepsTheLastRowOfEveryMinute() throws Exception {
        comesBack(WINDOWED.withHistory(new FeatureView.History(null, Duration.ofMinutes(1))));
    }

    private static void comesBack(FeatureView view) throws Exception {
        List<LogEvent> log = new ArrayList<>();
        try (FeatureHarness harness = FeatureHarness.open(view, FeatureHarness.options(false, false))) {
            for (int day = 0; day < 3; day++) {
                for (int i = 0; i < 3; i++) {
                    log.add(payment(log.size(), START + day * 24 * HOUR + i * 200_000));
                    harness.event(log.get(log.size() - 1));
                }
                for (int hour = 1; hour <= 12; hour++) {
                    harness.watermark(START + (day * 24 + hour) * HOUR);
                }
                assertThat(harness.entities()).isZero();
                assertThat(harness.eventTimers()).isZero();
            }
            Oracle oracle = Oracle.ofAccepted(view, log);
            assertThat(harness.history()).isEqualTo(FeatureHarness.texts(oracle.history("[1,\"DE\"]")));
        }
    }

    @Test
    void anEventFromATimeThatMayBeForgottenIsRefused() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(WINDOWED, FeatureHarness.options(false, false))) {
            harness.event(payment(0, START));
            harness.watermark(START + 24 * HOUR);
            harness.event(payment(1, START + 1_000));

            assertThat(harness.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.refusal().reason()).isEqualTo(RefusalReason.BEHIND_SETTLED));
            assertThat(harness.entities()).isZero();
        }
    }

    @Test
    void itIsRefusedAlsoOnceTheEntityIsBack() throws Exception {
        ViewOptions options = FeatureHarness.options(false, true);
        List<LogEvent> taken = List.of(payment(0, START), payment(1, START + 24 * HOUR));
        FeatureHarness before = FeatureHarness.open(WINDOWED, options);
        before.event(taken.get(0));
        before.watermark(START + 24 * HOUR - 1);
        assertThat(before.entities()).isZero();
        before.event(taken.get(1));
        before.event(payment(2, START + 1_000));
        assertThat(before.deadLetters()).as("before it has rows again").hasSize(1);

        try (FeatureHarness after = before.restoreInto(WINDOWED, options)) {
            after.watermark(START + 24 * HOUR + 1);
            after.event(payment(3, START + 1_001));
            assertThat(after.deadLetters()).as("once it has").hasSize(1);

            after.watermark(Long.MAX_VALUE);
            Oracle oracle = Oracle.ofAccepted(WINDOWED, taken);
            assertThat(after.history()).isEqualTo(FeatureHarness.texts(oracle.history("[1,\"DE\"]")));
        }
    }

    @Test
    void correctionsReachNoFurtherBackThanTheJobBeforeRemembered() throws Exception {
        ViewOptions hour = FeatureHarness.options(false, false);
        ViewOptions day = hour.correcting(Duration.ofDays(1));
        FeatureHarness first = FeatureHarness.open(WINDOWED, hour);
        List<LogEvent> log = new ArrayList<>(List.of(payment(0, START), payment(1, START + 5 * HOUR)));
        first.event(log.get(0));
        first.event(log.get(1));
        first.watermark(START + 5 * HOUR);

        FeatureHarness second = first.restoreInto(WINDOWED, day);
        second.event(payment(2, START + 300_000)); // Its window holds a slice that the first job let go of.
        FeatureHarness third = second.restoreInto(WINDOWED, day);
        third.event(payment(3, START + 300_001));
        assertThat(second.deadLetters()).hasSize(1);
        assertThat(third.deadLetters()).hasSize(1);

        log.add(payment(4, START + 20 * HOUR));
        third.event(log.get(2));
        third.watermark(START + 20 * HOUR);
        log.add(payment(5, START + 15 * HOUR));
        third.event(log.get(3));
        Oracle oracle = Oracle.ofAccepted(WINDOWED, log);
        assertThat(third.deadLetters()).hasSize(1);
        assertThat(third.history())
                .isEqualTo(FeatureHarness.texts(oracle.history("[1,\"DE\"]").stream()
                        .filter(row -> row.validFrom() <= START + 20 * HOUR + 1)
                        .toList()));
        third.close();
    }

    @Test
    void aJobThatStopsBeforeItsFirstWatermarkForgetsNothingOfThat() throws Exception {
        ViewOptions hour = FeatureHarness.options(false, false);
        ViewOptions day = hour.correcting(Duration.ofDays(1));
        FeatureHarness first = FeatureHarness.open(WINDOWED, hour);
        first.event(payment(0, START));
        first.event(payment(1, START + 5 * HOUR));
        first.watermark(START + 5 * HOUR);

        try (FeatureHarness third = first.restoreInto(WINDOWED, hour).restoreInto(WINDOWED, day)) {
            third.event(payment(2, START + 300_000)); // Its window holds a slice that the first job let go of.
            assertThat(third.deadLetters()).hasSize(1);
        }
    }

    @Test
    void itIsRefusedAlsoAfterARestartBeforeTheFirstWatermark() throws Exception {
        FeatureHarness before = FeatureHarness.open(WINDOWED, FeatureHarness.options(false, false));
        before.event(payment(0, START));
        before.watermark(START + 24 * HOUR);
        try (FeatureHarness after = before.restoreInto(WINDOWED, FeatureHarness.options(false, false))) {
            after.event(payment(1, START + 1_000));

            assertThat(after.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.refusal().reason()).isEqualTo(RefusalReason.BEHIND_SETTLED));
            assertThat(after.entities()).isZero();
        }
    }

    @Test
    void itIsRefusedAlsoAfterTheEndOfTheInput() throws Exception {
        FeatureHarness ended = FeatureHarness.open(WINDOWED, FeatureHarness.options(false, false));
        ended.event(payment(0, START));
        ended.watermark(START + 24 * HOUR);
        ended.watermark(Long.MAX_VALUE);
        try (FeatureHarness after = ended.restoreInto(WINDOWED, FeatureHarness.options(false, false))) {
            after.event(payment(1, START + 1_000));

            assertThat(after.deadLetters()).hasSize(1);
            assertThat(after.entities()).isZero();
        }
    }

    @Test
    void anEntityWithALifetimeStays() throws Exception {
        try (FeatureHarness harness =
                FeatureHarness.open(TestViews.byCard(SOURCE), FeatureHarness.options(false, false))) {
            harness.event(payment(0, START));
            harness.watermark(START + 1_000 * HOUR);

            assertThat(harness.entities()).isEqualTo(1);
            assertThat(harness.eventTimers()).isZero();
        }
    }

    private static LogEvent payment(long offset, long time) {
        return new LogEvent(0, offset, time, Map.of("card", "c0", "merchant", 1L, "country", "DE", "amount", 1.0));
    }
}
