package dev.tidemark.engine.oracle;

import static dev.tidemark.defs.Aggregate.Plain.AVG;
import static dev.tidemark.defs.Aggregate.Plain.COUNT;
import static dev.tidemark.defs.Aggregate.Plain.FIRST;
import static dev.tidemark.defs.Aggregate.Plain.LAST;
import static dev.tidemark.defs.Aggregate.Plain.MAX;
import static dev.tidemark.defs.Aggregate.Plain.MIN;
import static dev.tidemark.defs.Aggregate.Plain.SUM;
import static dev.tidemark.engine.oracle.ViewBuilder.key;
import static dev.tidemark.engine.oracle.ViewBuilder.window;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The oracle against numbers worked out by hand. */
class OracleTest {
    private static final String ANN = key("ann");
    private static final Window LIFETIME = new Window.Lifetime();

    private long offset;

    /** An event of ann in partition 0. */
    private LogEvent event(long time, @Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("user", "ann");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            columns.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new LogEvent(0, offset++, time, columns);
    }

    private static List<String> history(FeatureView view, LogEvent... events) {
        return Oracle.ofAccepted(view, List.of(events)).history(ANN).stream()
                .map(RowText::of)
                .toList();
    }

    private List<@Nullable Object> lifetimeValues(Aggregate aggregate, String column, @Nullable Object... inputs) {
        FeatureView view =
                new ViewBuilder().feature(aggregate, column, LIFETIME).build();
        List<LogEvent> events = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            events.add(event(i, column, inputs[i]));
        }
        return Oracle.ofAccepted(view, events).valuesAt(ANN, inputs.length).orElseThrow();
    }

    @Test
    void anExactWindowIsAsLongAsItSays() {
        FeatureView view = new ViewBuilder().feature(COUNT, null, window(10, 1)).build();
        assertThat(history(view, event(100)))
                .containsExactly("101: [Long 1] last 100 until 111", "111: [Long 0] last 100 until never");
    }

    @Test
    void aSteppedTailLeavesWithItsSlice() {
        // The slices of 10 s end at 10 s and 20 s; a window of 60 s leaves them at 70 s and 80 s.
        FeatureView view =
                new ViewBuilder().feature(COUNT, null, window(60_000, 10_000)).build();
        assertThat(history(view, event(1_000), event(9_999), event(10_000)))
                .containsExactly(
                        "1001: [Long 1] last 1000 until 10000",
                        "10000: [Long 2] last 9999 until 10001",
                        "10001: [Long 3] last 10000 until 70000",
                        "70000: [Long 1] last 10000 until 80000",
                        "80000: [Long 0] last 10000 until never");
    }

    @Test
    void aStepNeedNotDivideItsWindow() {
        // At t the tail is floor(t - 10, 4): the slice [0, 4) leaves at 14, the slice [4, 8) at 18.
        FeatureView view = new ViewBuilder().feature(COUNT, null, window(10, 4)).build();
        assertThat(history(view, event(3), event(4)))
                .containsExactly(
                        "4: [Long 1] last 3 until 5",
                        "5: [Long 2] last 4 until 14",
                        "14: [Long 1] last 4 until 18",
                        "18: [Long 0] last 4 until never");
    }

    @Test
    void slicesLieOnTheEpochGridBeforeTheEpochToo() {
        // -1 is in the slice [-4, 0), which leaves at 10.
        FeatureView view = new ViewBuilder().feature(COUNT, null, window(10, 4)).build();
        assertThat(history(view, event(-1)))
                .containsExactly("0: [Long 1] last -1 until 10", "10: [Long 0] last -1 until never");
    }

    @Test
    void anEventDoesNotCountAtItsOwnInstant() {
        FeatureView view = new ViewBuilder().feature(COUNT, null, LIFETIME).build();
        Oracle oracle = Oracle.ofAccepted(view, List.of(event(100), event(200)));
        assertThat(oracle.rowAt(ANN, 100)).isEmpty();
        assertThat(oracle.valuesAt(ANN, 200))
                .hasValueSatisfying(values -> assertThat(values).containsExactly(1L));
        assertThat(oracle.rowAt(ANN, 200))
                .hasValueSatisfying(row -> assertThat(RowText.of(row)).isEqualTo("101: [Long 1] last 100 until 201"));
        assertThat(oracle.valuesAt(ANN, 201))
                .hasValueSatisfying(values -> assertThat(values).containsExactly(2L));
    }

    @Test
    void anOffsetShiftsBothEnds() {
        // Counted from 100 + 20 + 1 until 100 + 1 + 10 + 20; before and after, the row is there and counts nothing.
        FeatureView view =
                new ViewBuilder().feature(COUNT, null, window(10, 1, 20)).build();
        assertThat(history(view, event(100)))
                .containsExactly(
                        "101: [Long 0] last 100 until 121",
                        "121: [Long 1] last 100 until 131",
                        "131: [Long 0] last 100 until never");
    }

    @Test
    void anOffsetNeedNotBeOnTheGrid() {
        // At t the tail is floor(t - 3 - 10, 4): an event at 5 is in [4, 8), which leaves at 8 + 10 + 3.
        FeatureView view =
                new ViewBuilder().feature(COUNT, null, window(10, 4, 3)).build();
        assertThat(history(view, event(5)))
                .containsExactly(
                        "6: [Long 0] last 5 until 9", "9: [Long 1] last 5 until 21", "21: [Long 0] last 5 until never");
    }

    @Test
    void eventsOfOneMillisecondShareARow() {
        FeatureView view = new ViewBuilder().feature(SUM, "n", LIFETIME).build();
        assertThat(history(view, event(100, "n", 3L), event(100, "n", 4L)))
                .containsExactly("101: [Long 7] last 100 until never");
    }

    @Test
    void aNewLastEventTimeIsANewRow() {
        FeatureView view = new ViewBuilder().feature(MAX, "n", LIFETIME).build();
        assertThat(history(view, event(100, "n", 3L), event(150, "n", 2L)))
                .containsExactly("101: [Long 3] last 100 until 151", "151: [Long 3] last 150 until never");
    }

    @Test
    void aTailThatChangesNothingIsNoRow() {
        // The 2 leaves at 111 unnoticed beside the 3, which leaves at 116.
        FeatureView view = new ViewBuilder().feature(MAX, "n", window(10, 1)).build();
        assertThat(history(view, event(100, "n", 2L), event(105, "n", 3L)))
                .containsExactly(
                        "101: [Long 2] last 100 until 106",
                        "106: [Long 3] last 105 until 116",
                        "116: [null] last 105 until never");
    }

    @Test
    void theLastRowOfAQuietEntityIsEmpty() {
        FeatureView view = new ViewBuilder()
                .feature(COUNT, "n", window(10, 1))
                .feature(SUM, "n", window(20, 1))
                .feature(LAST, "name", window(20, 1), null, "nobody")
                .build();
        assertThat(history(view, event(0, "n", 5L, "name", "a")))
                .containsExactly(
                        "1: [Long 1, Long 5, String a] last 0 until 11",
                        "11: [Long 0, Long 5, String a] last 0 until 21",
                        "21: [Long 0, null, String nobody] last 0 until never");
    }

    @Test
    void nullsAndWhatIsNotFiniteAreSkipped() {
        assertThat(lifetimeValues(COUNT, "x", 1.0, null, Double.NaN, Double.POSITIVE_INFINITY))
                .containsExactly(1L);
        assertThat(lifetimeValues(SUM, "x", 1.0, Double.NEGATIVE_INFINITY, 2.0)).containsExactly(3.0);
        assertThat(lifetimeValues(AVG, "x", 1.0, null, 2.0)).containsExactly(1.5);
        assertThat(lifetimeValues(FIRST, "n", null, 7L, 8L)).containsExactly(7L);
        assertThat(lifetimeValues(LAST, "n", 7L, 8L, null)).containsExactly(8L);
        assertThat(lifetimeValues(MIN, "n", (Object) null)).containsExactly((Object) null);
    }

    @Test
    void sumsAreExact() {
        assertThat(lifetimeValues(SUM, "x", 1e16, 1.0, -1e16)).containsExactly(1.0);
        assertThat(lifetimeValues(SUM, "x", Double.MAX_VALUE, Double.MAX_VALUE)).containsExactly((Object) null);
        assertThat(lifetimeValues(SUM, "x", Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE))
                .containsExactly(Double.MAX_VALUE);
        assertThat(lifetimeValues(SUM, "n", Long.MAX_VALUE, 1L)).containsExactly((Object) null);
        assertThat(lifetimeValues(SUM, "n", Long.MAX_VALUE, 1L, -1L)).containsExactly(Long.MAX_VALUE);
        assertThat(lifetimeValues(SUM, "d", new BigDecimal("0.10"), new BigDecimal("0.20")))
                .containsExactly(new BigDecimal("0.30"));
        BigDecimal greatest = new BigDecimal("9".repeat(36) + ".99");
        assertThat(lifetimeValues(SUM, "d", greatest, new BigDecimal("0.01"))).containsExactly((Object) null);
    }

    @Test
    void averagesAreRoundedOnce() {
        assertThat(lifetimeValues(AVG, "x", Double.MAX_VALUE, Double.MAX_VALUE)).containsExactly(Double.MAX_VALUE);
        assertThat(lifetimeValues(AVG, "n", Long.MAX_VALUE, Long.MAX_VALUE - 2)).containsExactly(0x1p63);
        assertThat(lifetimeValues(AVG, "n", 1L, 0L, 0L)).containsExactly(1.0 / 3);
        assertThat(lifetimeValues(AVG, "d", new BigDecimal("0.10"), new BigDecimal("0.20")))
                .containsExactly(0.15);
    }

    @Test
    void minAndMaxFollowTheOrderOfTheType() {
        assertThat(lifetimeValues(MIN, "x", 0.0, -0.0)).containsExactly(-0.0);
        assertThat(lifetimeValues(MAX, "name", "Z", "a", "B")).containsExactly("a");
        // A code point above all that UTF-16 writes as one unit, although its units compare as less.
        assertThat(lifetimeValues(MAX, "name", "\uff5e", "\ud83d\ude00")).containsExactly("\ud83d\ude00");
        assertThat(lifetimeValues(MAX, "at", Instant.ofEpochMilli(5), Instant.ofEpochMilli(-5)))
                .containsExactly(Instant.ofEpochMilli(5));
        assertThat(lifetimeValues(MIN, "d", new BigDecimal("10.00"), new BigDecimal("9.00")))
                .containsExactly(new BigDecimal("9.00"));
    }

    @Test
    void firstAndLastBreakTiesByPartitionAndOffset() {
        FeatureView view = new ViewBuilder()
                .feature(FIRST, "name", LIFETIME)
                .feature(LAST, "name", LIFETIME)
                .build();
        List<LogEvent> events = List.of(
                new LogEvent(1, 5, 100, Map.of("user", "ann", "name", "c")),
                new LogEvent(0, 9, 100, Map.of("user", "ann", "name", "b")),
                new LogEvent(0, 8, 100, Map.of("user", "ann", "name", "a")));
        assertThat(Oracle.ofAccepted(view, events).valuesAt(ANN, 101))
                .hasValueSatisfying(values -> assertThat(values).containsExactly("a", "c"));
    }

    @Test
    void everyEntityHasItsOwnRows() {
        FeatureView view = new ViewBuilder().feature(COUNT, null, LIFETIME).build();
        Map<String, @Nullable Object> nobody = new HashMap<>();
        nobody.put("user", null);
        LogEvent withoutKey = new LogEvent(0, 2, 3, nobody);
        Oracle oracle = Oracle.of(
                view,
                List.of(
                        new LogEvent(0, 0, 1, Map.of("user", "ann")),
                        new LogEvent(0, 1, 2, Map.of("user", "bob")),
                        withoutKey));
        assertThat(oracle.keys()).containsExactly(key("ann"), key("bob"));
        assertThat(oracle.history(key("bob"))).hasSize(1);
        assertThat(oracle.withoutKey()).containsExactly(withoutKey);
        assertThat(oracle.historyUntil(2)).containsOnlyKeys(key("ann"));
        assertThat(oracle.history("[\"eve\"]")).isEmpty();
    }

    @Test
    void lateEventsAreNotThere() {
        FeatureView view =
                new ViewBuilder().lateness(10).feature(COUNT, null, LIFETIME).build();
        Oracle oracle = Oracle.of(view, List.of(event(100), event(89), event(90)));
        assertThat(oracle.late()).extracting(LogEvent::time).containsExactly(89L);
        assertThat(oracle.history(ANN))
                .extracting(RowText::of)
                .containsExactly("91: [Long 1] last 90 until 101", "101: [Long 2] last 100 until never");
    }
}
