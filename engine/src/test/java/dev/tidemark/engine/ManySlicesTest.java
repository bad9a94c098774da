package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One busy entity, whose slices fill many chunks: written and read again at every event, as the job does it. */
final class ManySlicesTest {
    private static final FeatureView VIEW = view();
    private static final ViewPlan PLAN = ViewPlan.of(VIEW);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void rowsAreTheOraclesWhenSlicesFillManyChunks(int seed) {
        List<LogEvent> log = log(new Random(seed));
        EventProjector projector = new EventProjector(PLAN);
        List<FeatureRow> settled = new ArrayList<>();
        byte[] state = EntityState.create(PLAN).encode();
        for (int i = 0; i < log.size(); i++) {
            LogEvent event = log.get(i);
            EntityState entity = EntityState.decode(PLAN, state);
            EventProjector.Projection projected = projector.project(event.columns());
            assertThat(entity.accept(new InputEvent(event.time(), 0, event.offset(), projected.inputs())))
                    .isTrue();
            if (i % 50 == 0) {
                Oracle oracle = Oracle.ofAccepted(VIEW, log.subList(0, i + 1));
                assertThat(RowText.of(entity.current()))
                        .isEqualTo(RowText.of(oracle.rowAt(ViewBuilder.key("ann"), event.time() + 1)
                                .orElseThrow()));
            }
            entity.settle(event.time() - 500, settled::add);
            state = entity.encode();
        }
        EntityState.decode(PLAN, state).settle(Long.MAX_VALUE, settled::add);
        List<FeatureRow> expected = Oracle.ofAccepted(VIEW, log).history(ViewBuilder.key("ann"));
        assertThat(RowText.ofSettled(settled)).isEqualTo(RowText.ofSettled(expected));
    }

    /** Values that repeat, so that an extremum is often held by several slices; pauses that empty some windows. */
    private static List<LogEvent> log(Random random) {
        List<LogEvent> log = new ArrayList<>();
        long time = 1_000_000;
        for (int i = 0; i < 400; i++) {
            time += random.nextInt(60) == 0 ? 20_000 : random.nextInt(400);
            log.add(new LogEvent(
                    0, i, time, Map.of("user", "ann", "n", (long) random.nextInt(12), "x", random.nextInt(9) / 7.0)));
        }
        return log;
    }

    private static FeatureView view() {
        ViewBuilder view = new ViewBuilder().lateness(0);
        for (long[] window : new long[][] {{10_000, 100}, {30_000, 1}, {7_000, 333}}) {
            for (Plain aggregate :
                    List.of(Plain.COUNT, Plain.SUM, Plain.AVG, Plain.MIN, Plain.MAX, Plain.FIRST, Plain.LAST)) {
                view.feature(aggregate, "n", ViewBuilder.window(window[0], window[1]));
            }
            view.feature(Plain.MAX, "x", ViewBuilder.window(window[0], window[1]));
        }
        return view.build();
    }
}
