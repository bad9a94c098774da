package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.TestViews;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackfillRangeTest {
    private static final LogBound OPEN = new LogBound.Open();
    private static final LogBound FIRST = new LogBound.At(10_000_000);
    private static final LogBound END = new LogBound.At(20_000_000);

    /** Windows of ten minutes in steps of ten seconds. */
    private final FeatureView windows = TestViews.byMerchant(TestViews.payments("payments"));

    private final FeatureView lifetime = TestViews.byCard(TestViews.payments("payments"));

    @Test
    void rowsOfARangeNeedTheEventsOfTheLongestWindowBefore() {
        BackfillRange range = new BackfillRange(FIRST, END, true, false);
        assertThat(range.plan(windows, List.of()))
                .isEqualTo(new BackfillPlan(
                        "payments",
                        List.of(),
                        10_000_000 - 600_000 - 20_000 - 1,
                        20_000_000,
                        10_000_000,
                        20_000_000,
                        20_000_000,
                        false,
                        List.of()));
        assertThat(range.readsBack(windows)).contains("PT10M20.001S before the range", "feature payments_10m");
    }

    @Test
    void aLifetimeNeedsTheWholeLog() {
        BackfillRange range = new BackfillRange(FIRST, OPEN, true, false);
        BackfillPlan plan = range.plan(lifetime, List.of());
        assertThat(plan.eventsFrom()).isEqualTo(Long.MIN_VALUE);
        assertThat(plan.rowsFrom()).isEqualTo(10_000_000);
        assertThat(plan.rowsBefore()).isEqualTo(Long.MAX_VALUE);
        assertThat(range.readsBack(lifetime)).contains("Every event of the log counts, because feature last_country");
    }

    @Test
    void otherwiseTheLogItselfBeginsThere() {
        BackfillPlan plan = new BackfillRange(FIRST, OPEN, false, true).plan(lifetime, List.of());
        assertThat(plan.eventsFrom()).isEqualTo(10_000_000);
        assertThat(plan.writesAllRows()).isTrue();
        assertThat(plan.drain()).isTrue();
    }

    /** A history by the minute is no reason to count what comes after the end. */
    @Test
    void whatIsDrainedBeginsAfterTheEndAndKnowsNoEventFromThere() {
        FeatureView coarse = windows.withHistory(new FeatureView.History(null, Duration.ofMinutes(1)));
        BackfillPlan plan = new BackfillRange(OPEN, END, false, true).plan(coarse, List.of());
        assertThat(plan.writesAllRows()).isTrue();
        assertThat(plan.eventsBefore()).isEqualTo(20_000_000);
        BackfillPlan kept = new BackfillRange(OPEN, END, false, false).plan(coarse, List.of());
        assertThat(kept.rowsBefore()).isEqualTo(20_000_000);
        assertThat(kept.eventsBefore()).isEqualTo(20_060_000);
    }

    @Test
    void refusesWhatMakesNoSense() {
        LogBound offsets = new LogBound.Offsets("payments", Map.of(0, 1L));
        assertThatThrownBy(() -> new BackfillRange(offsets, OPEN, true, false).check())
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("as instants, not as offsets");
        assertThatThrownBy(() -> new BackfillRange(END, FIRST, false, false).check())
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("--to must be later than --from");
        assertThatThrownBy(() -> new BackfillRange(FIRST, END, true, true).check())
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("--drain writes rows that begin after --to");
    }
}
