package dev.tidemark.jobs.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.OnlineRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An entity whose online row was lost and rebuilt from the history, which lacks its last event: that is not settled yet. */
final class EntityCheckTest {
    private static final long FIRST = 1_000_000;
    private static final long LAST = 9_000_000;
    private static final LogPosition END = LogPosition.NONE.with(0, 1);

    private final FeatureView view = TestViews.byCard(TestViews.payments("payments"));
    private final ViewPlan plan = ViewPlan.of(view);
    private final Recomputation replay = new Recomputation(plan, List.of(event(0, FIRST), event(1, LAST)));
    private final List<FeatureRow> settled =
            replay.rows().stream().filter(row -> row.lastEventTime() == FIRST).toList();

    @Test
    void anEventThatARebuiltRowLacksIsPending() {
        Findings findings = check(rebuilt(settled), settled, LogPosition.NONE);

        assertThat(findings.differences()).isEmpty();
        assertThat(findings.awaited()).isEqualTo(1);
    }

    /** That the job knows what the rebuilt row knows, too, says nothing of the rest. */
    @Test
    void itIsPendingUntilTheJobHasPassedIt() {
        assertThat(check(rebuilt(settled), settled, LogPosition.NONE.with(0, 0)).awaited())
                .isEqualTo(1);

        List<Difference> differences = check(rebuilt(settled), settled, END).differences();
        assertThat(differences).extracting(Difference::kind).containsExactly(Difference.Kind.ONLINE_BEHIND_LOG);
        assertThat(differences.get(0).validFrom()).isEqualTo(LAST + 1);
    }

    @Test
    void aRebuiltRowThatKnowsAllEventsIsRightWheneverItEnds() {
        for (int rows = settled.size() + 1; rows <= replay.rows().size(); rows++) {
            List<FeatureRow> history = replay.rows().subList(0, rows);
            assertThat(check(rebuilt(history), history, END).isClean()).isTrue();
        }
    }

    private Findings check(OnlineRow online, List<FeatureRow> history, LogPosition passed) {
        FeatureRow newest = history.get(history.size() - 1);
        Frontier frontier = new Frontier(passed, LogPosition.NONE, 1);
        Scope scope =
                new Scope(view, newest.validFrom(), false, END, newest.validFrom(), newest.validFrom(), frontier, LAST);
        return EntityCheck.of(scope, "[\"c\"]", new EntityCheck.Stored(newest, online, history), replay);
    }

    private static OnlineRow rebuilt(List<FeatureRow> history) {
        FeatureRow row = history.get(history.size() - 1);
        FeatureRow ended = new FeatureRow(row.values(), row.validFrom(), row.validFrom() + 1, row.lastEventTime());
        return new OnlineRow(ended, LogPosition.NONE, -1);
    }

    private InputEvent event(long offset, long time) {
        byte[] payment = TestViews.payment(time, "c", 1L, "NL", 5).getBytes(StandardCharsets.UTF_8);
        KeyedEvent event = new EventReader(view.source(), List.of(view))
                .read(0, offset, time, payment)
                .events()
                .get(0);
        return new InputEvent(time, 0, offset, plan.decodeInputs(event.inputs()));
    }
}
