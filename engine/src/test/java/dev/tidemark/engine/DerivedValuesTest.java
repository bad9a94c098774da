package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.DerivedFeature;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DerivedValuesTest {
    private static final Instant LAST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:30.123456789Z");

    private final Map<String, DataType> scope = new LinkedHashMap<>(Map.of(
            "user", DataType.STRING,
            "edits", DataType.LONG,
            "size", DataType.DOUBLE,
            "now", DataType.TIMESTAMP,
            "last_event_time", DataType.TIMESTAMP));
    private final List<DerivedFeature> derived = new ArrayList<>();

    @Test
    void usesFeaturesJoinKeysTimesAndEarlierOnes() {
        derive("twice", "edits * 2", DataType.LONG);
        derive("four_times", "twice * 2", DataType.LONG);
        derive("is_bot", "user.endsWith('bot')", DataType.BOOLEAN);
        derive("idle_s", "(now - last_event_time).getSeconds()", DataType.LONG);

        assertThat(evaluate("milkbot", 3L, 0.5))
                .containsExactly(
                        Map.entry("twice", 6L),
                        Map.entry("four_times", 12L),
                        Map.entry("is_bot", true),
                        Map.entry("idle_s", 90L));
    }

    @Test
    void seesNowInWholeMilliseconds() {
        derive("at", "now", DataType.TIMESTAMP);

        assertThat(evaluate("ann", 3L, 0.5)).containsEntry("at", Instant.parse("2026-01-01T00:01:30.123Z"));
    }

    @Test
    void anOperationOnANullIsNullAndSoIsWhatIsBuiltOnIt() {
        derive("twice", "edits * 2", DataType.LONG);
        derive("four_times", "twice * 2", DataType.LONG);

        assertThat(evaluate("ann", null, 0.5)).containsEntry("twice", null).containsEntry("four_times", null);
    }

    @Test
    void whatIsNotAFiniteNumberIsNull() {
        derive("infinite", "size / 0.0", DataType.DOUBLE);
        derive("not_a_number", "(size - size) / 0.0", DataType.DOUBLE);

        assertThat(evaluate("ann", 3L, 0.5)).containsEntry("infinite", null).containsEntry("not_a_number", null);
    }

    private void derive(String name, String text, DataType type) {
        derived.add(new DerivedFeature(name, type, new Expression(text, type, scope), null));
        scope.put(name, type);
    }

    private Map<String, Object> evaluate(String user, Long edits, Double size) {
        FeatureRow row = new FeatureRow(
                Arrays.asList(edits, size), LAST.toEpochMilli() + 1, FeatureRow.NEVER, LAST.toEpochMilli());
        return DerivedValues.of(view()).evaluate(List.of(user), row, NOW);
    }

    private FeatureView view() {
        Source source = new Source(
                "edits",
                "edits",
                Source.Format.JSON,
                Map.of("time", DataType.TIMESTAMP),
                new Source.EventTime("time", Source.Unit.INSTANT),
                Duration.ZERO,
                Duration.ofSeconds(30));
        Feature edits = new Feature(
                "edits", DataType.LONG, Aggregate.Plain.COUNT, null, new Window.Lifetime(), null, null, null);
        Feature size = new Feature(
                "size", DataType.DOUBLE, Aggregate.Plain.SUM, "size", new Window.Lifetime(), null, null, null);
        return new FeatureView(
                "activity",
                1,
                new Entity("editor", Map.of("user", DataType.STRING)),
                source,
                null,
                null,
                List.of(),
                null,
                null,
                List.of(),
                List.of(edits, size),
                derived,
                FeatureView.History.FULL);
    }
}
