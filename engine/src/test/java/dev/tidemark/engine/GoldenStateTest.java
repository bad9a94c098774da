package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.GoldenFile;
import dev.tidemark.engine.oracle.GoldenViews;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States that an earlier build wrote are read, and go on exactly; others are refused. */
final class GoldenStateTest {
    private static final String ANN = ViewBuilder.key("ann");

    static Stream<String> names() {
        return GoldenViews.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void stateOfAnEarlierBuildGoesOnExactly(String name) throws Exception {
        FeatureView view = Objects.requireNonNull(GoldenViews.all().get(name));
        ViewPlan plan = ViewPlan.of(view);
        List<LogEvent> log = ofAnn();
        int half = log.size() / 2;
        byte[] bytes = GoldenFile.read(name + ".state", () -> play(plan, EntityState.create(plan), log.subList(0, half))
                .encode());

        EntityState state = EntityState.decode(plan, bytes);
        FeatureRow row = state.current();
        assertThat(RowText.ofSettled(row))
                .isEqualTo(RowText.ofSettled(Oracle.ofAccepted(view, log.subList(0, half))
                        .rowAt(ANN, row.validFrom())
                        .orElseThrow()));

        List<FeatureRow> rows = new ArrayList<>();
        long next = state.nextSettlement();
        play(plan, state, log.subList(half, log.size()), rows);
        state.settle(Long.MAX_VALUE, rows::add);
        List<FeatureRow> expected = Oracle.ofAccepted(view, log).history(ANN).stream()
                .filter(expectedRow -> expectedRow.validFrom() >= next)
                .toList();
        assertThat(RowText.ofSettled(rows)).isEqualTo(RowText.ofSettled(expected));
    }

    @Test
    void anotherFormatIsRefused() {
        ViewPlan plan = ViewPlan.of(GoldenViews.lookingBack());
        byte[] bytes = play(plan, EntityState.create(plan), ofAnn()).encode();
        bytes[0]++;
        assertThatThrownBy(() -> EntityState.decode(plan, bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format " + bytes[0])
                .hasMessageContaining("view@1")
                .hasMessageContaining("new version");
    }

    @Test
    void stateOfAnotherDefinitionIsRefused() {
        ViewPlan plan = ViewPlan.of(GoldenViews.lookingBack());
        ViewPlan other = ViewPlan.of(GoldenViews.everyAggregate());
        byte[] bytes = play(plan, EntityState.create(plan), ofAnn()).encode();
        assertThatThrownBy(() -> EntityState.decode(other, bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another definition of view@1");
    }

    private static List<LogEvent> ofAnn() {
        return GoldenViews.log().stream()
                .filter(event -> "ann".equals(event.columns().get("user")))
                .toList();
    }

    private static EntityState play(ViewPlan plan, EntityState state, List<LogEvent> log) {
        return play(plan, state, log, new ArrayList<>());
    }

    private static EntityState play(ViewPlan plan, EntityState state, List<LogEvent> log, List<FeatureRow> rows) {
        EventProjector projector = new EventProjector(plan);
        for (LogEvent event : log) {
            EventProjector.Projection projected = projector.project(event.columns());
            if (projected != null) {
                assertThat(state.accept(
                                new InputEvent(event.time(), event.partition(), event.offset(), projected.inputs())))
                        .isTrue();
            }
            state.settle(event.time() - 2_000, rows::add);
        }
        return state;
    }
}
