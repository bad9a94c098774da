package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.PaymentLog;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RefusalReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureOperatorTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final FeatureView VIEW = TestViews.byCard(SOURCE);
    private static final long START = 1_700_000_000_000L;
    private static final long LATENESS = TestViews.LATENESS.toMillis();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void settlesTheOraclesRowsAcrossARestore(long seed) throws Exception {
        List<LogEvent> log = PaymentLog.random(seed, 300, 1, START);
        Oracle oracle = Oracle.of(VIEW, log);

        FeatureHarness first = FeatureHarness.open(VIEW, FeatureHarness.options(true, true));
        play(log.subList(0, 150), oracle, first);
        FeatureHarness second = first.restoreInto(VIEW, FeatureHarness.options(true, true));
        play(log.subList(150, 300), oracle, second);
        second.watermark(Long.MAX_VALUE);

        assertThat(second.settledTexts()).isEqualTo(texts(oracle));
        assertThat(second.eventTimers()).isZero();
        second.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void bundlesGiveTheSameBytesAsSingleEvents(long seed) throws Exception {
        List<LogEvent> log = PaymentLog.random(seed, 300, 4, START);

        OperatorRun single = OperatorRun.play(VIEW, log, seed, 2);
        OperatorRun bundled = OperatorRun.play(VIEW, log, seed, Duration.ofDays(365), 3, 2);

        assertThat(bundled.largestBundle()).isGreaterThan(1);
        assertThat(single.largestBundle()).isEqualTo(1);
        assertThat(bundled.bytes()).isEqualTo(single.bytes());
        assertThat(bundled.online()).isEqualTo(single.online());
        assertThat(single.bytes()).isNotEmpty();
    }

    @Test
    void publishesTheOraclesRowForEachEvent() throws Exception {
        List<LogEvent> log = PaymentLog.random(4, 200, 1, START);
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false))) {
            for (int i = 0; i < log.size(); i++) {
                LogEvent event = log.get(i);
                harness.event(event);
                String key = harness.key(event);
                Oracle oracle = Oracle.ofAccepted(VIEW, log.subList(0, i + 1));
                FeatureRow row = harness.published(key);

                assertThat(row.values())
                        .isEqualTo(oracle.valuesAt(key, row.lastEventTime() + 1).orElseThrow());
            }
        }
    }

    @Test
    void endOfInputLeavesTailsUnlessItDrains() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false))) {
            harness.event(payment(0, START));
            harness.watermark(START);
            harness.watermark(Long.MAX_VALUE);

            assertThat(harness.settled()).hasSize(1);
        }
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, true))) {
            harness.event(payment(0, START));
            harness.watermark(START);
            harness.watermark(Long.MAX_VALUE);

            assertThat(harness.settled()).hasSize(3);
        }
    }

    @Test
    void aJobThatGoesOnFromTheEndOfTheInputSettlesTheTails() throws Exception {
        List<LogEvent> log = List.of(payment(0, START));
        FeatureHarness ended = FeatureHarness.open(VIEW, FeatureHarness.options(false, false));
        ended.event(log.get(0));
        ended.watermark(START);
        ended.watermark(Long.MAX_VALUE);
        try (FeatureHarness next = ended.restoreInto(VIEW, FeatureHarness.options(false, false))) {
            assertThat(next.settled()).hasSize(1);
            next.watermark(START + 1);
            assertThat(next.settled()).hasSize(1);
            next.watermark(START + 2 * 3_600_000);

            Oracle oracle = Oracle.ofAccepted(VIEW, log);
            assertThat(next.history()).isEqualTo(FeatureHarness.texts(oracle.history("[\"c0\"]")));
            assertThat(next.eventTimers()).isZero();
        }
    }

    @Test
    void tellsAFrontierBehindTheRowsThatItSpeaksOf() throws Exception {
        ViewOptions waiting = new ViewOptions(false, false, 10_000, Duration.ofMillis(5));
        try (FeatureHarness harness = FeatureHarness.open(VIEW, waiting)) {
            harness.frontier("1:4");
            assertThat(harness.publishedInOrder()).containsExactly("1:4");

            LogEvent event = payment(0, START);
            harness.eventThatWaits(event);
            harness.frontier("0:0");
            harness.frontier("0:0,1:6");
            assertThat(harness.publishedInOrder()).hasSize(1);

            harness.clock(5);
            assertThat(harness.publishedInOrder()).containsExactly("1:4", harness.key(event), "0:0,1:6");
        }
    }

    @Test
    void settlesAChangePointAtOneMoreThanTheWatermark() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false))) {
            harness.event(payment(0, START));
            harness.watermark(START - 1);
            assertThat(harness.settled()).isEmpty();

            harness.watermark(START);
            assertThat(harness.settled()).extracting(FeatureRow::validFrom).containsExactly(START + 1);
        }
    }

    /** Flink drops a watermark behind word that a stream is idle, and the history would not know how far it has come. */
    @Test
    void theWatermarkOfHeldRowsComesThroughThoughNothingIsReadMeanwhile() throws Exception {
        ViewOptions holding = FeatureHarness.options(false, false).holding();
        try (FeatureHarness harness = FeatureHarness.open(VIEW, holding)) {
            harness.event(payment(0, START));
            harness.watermark(START);
            harness.idle();
            assertThat(harness.settled()).isEmpty();
            assertThat(harness.signals()).isEmpty();

            harness.checkpoint(1);
            harness.clock(10);
            assertThat(harness.settled()).extracting(FeatureRow::validFrom).containsExactly(START + 1);
            assertThat(harness.signals()).containsExactly(new Watermark(START));
        }
    }

    @Test
    void keepsFewTimersForAnEntity() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(true, false))) {
            harness.clock(START);
            for (int i = 0; i < 100; i++) {
                harness.event(payment(i, START + 700L * i));
                if (i % 10 == 0) {
                    harness.watermark(START + 700L * i - LATENESS);
                    harness.clock(START + 700L * i);
                }
            }

            assertThat(harness.eventTimers()).isBetween(1, 4);
            assertThat(harness.wallTimers()).isEqualTo(1);
        }
    }

    @Test
    void wallClockReplacesARowThatRanOut() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(true, false))) {
            harness.clock(START);
            harness.event(payment(0, START));
            FeatureRow fresh = harness.published("[\"c0\"]");
            assertThat(fresh.values().get(0)).isEqualTo(1L);

            harness.clock(fresh.validUntil() - 1);
            assertThat(harness.published("[\"c0\"]")).isEqualTo(fresh);

            harness.clock(fresh.validUntil() + 1);
            FeatureRow emptied = harness.published("[\"c0\"]");
            assertThat(emptied.values().get(0)).isEqualTo(0L);
            assertThat(emptied.validFrom()).isEqualTo(fresh.validUntil());

            harness.clock(START + 2 * 3_600_000);
            assertThat(harness.published("[\"c0\"]").validUntil()).isEqualTo(FeatureRow.NEVER);
            assertThat(harness.wallTimers()).isZero();
        }
    }

    @Test
    void wallClockReplacesAnOldRowWithinASecond() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(true, false))) {
            harness.clock(START + 86_400_000);
            harness.event(payment(0, START));
            assertThat(harness.published("[\"c0\"]").values().get(0)).isEqualTo(1L);

            harness.clock(START + 86_401_000);
            assertThat(harness.published("[\"c0\"]").values().get(0)).isEqualTo(0L);
            assertThat(harness.wallTimers()).isZero();
        }
    }

    @Test
    void doesNotPublishTheSameRowAgain() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false))) {
            harness.event(payment(0, START));
            harness.event(payment(1, START - 2 * 3_600_000));
            harness.watermark(START);

            assertThat(harness.publishedCount()).isEqualTo(1);
        }
    }

    @Test
    void writesSettledRowsAgainThatAnEventFromAnIdlePartitionChanges() throws Exception {
        List<LogEvent> log = List.of(payment(0, START), payment(1, START + 2_000), payment(2, START + 1_000));
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, true))) {
            harness.event(log.get(0));
            harness.event(log.get(1));
            harness.watermark(START + 2_000);
            assertThat(harness.settled()).hasSize(2);

            harness.event(log.get(2));
            harness.watermark(Long.MAX_VALUE);

            Oracle oracle = Oracle.ofAccepted(VIEW, log);
            assertThat(harness.history()).isEqualTo(FeatureHarness.texts(oracle.history("[\"c0\"]")));
            assertThat(harness.deadLetters()).isEmpty();
        }
    }

    /** Settled at once, the rows of the first event would be too far ahead of the second to be corrected. */
    @Test
    void takesWhatAnIdlePartitionHasOfAnEntityThoughItIsFarBehindTheWatermark() throws Exception {
        ViewOptions options = FeatureHarness.options(false, true).correcting(Duration.ofMinutes(1));
        List<LogEvent> log = List.of(payment(0, START), payment(1, START + 60_000), payment(2, START + 55_000));
        try (FeatureHarness harness = FeatureHarness.open(VIEW, options)) {
            harness.watermark(START + 10 * 3_600_000);
            for (LogEvent event : log) {
                harness.event(event);
            }
            assertThat(harness.deadLetters()).isEmpty();
            harness.watermark(START + 10 * 3_600_000 + 1);

            Oracle oracle = Oracle.ofAccepted(VIEW, log);
            assertThat(harness.history()).isEqualTo(FeatureHarness.texts(oracle.history("[\"c0\"]")));
        }
    }

    @Test
    void sendsAnEventFarBehindSettledRowsToTheDeadLetters() throws Exception {
        try (FeatureHarness harness = FeatureHarness.open(VIEW, FeatureHarness.options(false, false))) {
            for (int i = 0; i < 40; i++) {
                harness.event(payment(i, START + i * 600_000L));
            }
            harness.watermark(START + 40 * 600_000L);
            harness.event(payment(40, START - 1));

            assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.refusal().reason()).isEqualTo(RefusalReason.BEHIND_SETTLED);
                assertThat(letter.offset()).isEqualTo(40);
                assertThat(letter.eventTime()).isEqualTo(START - 1);
            });
        }
    }

    /** Plays events as a job with one partition would, and the wall clock with them. */
    private static void play(List<LogEvent> log, Oracle oracle, FeatureHarness harness) throws Exception {
        long greatest = Long.MIN_VALUE;
        for (LogEvent event : log) {
            if (!oracle.late().contains(event)) {
                harness.event(event);
                greatest = Math.max(greatest, event.time());
            }
            if (event.offset() % 7 == 0) {
                harness.watermark(greatest - LATENESS - 1);
            }
            if (event.offset() % 11 == 0) {
                harness.clock(greatest + 1_000);
            }
        }
    }

    private static LogEvent payment(long offset, long time) {
        return new LogEvent(0, offset, time, Map.of("card", "c0", "merchant", 1L, "country", "DE", "amount", 1.0));
    }

    private static Map<String, List<String>> texts(Oracle oracle) {
        return oracle.history().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> FeatureHarness.texts(entry.getValue())));
    }
}
