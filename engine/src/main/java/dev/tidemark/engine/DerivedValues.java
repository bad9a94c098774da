package dev.tidemark.engine;

import dev.tidemark.defs.DerivedFeature;
import dev.tidemark.defs.ExpressionProgram;
import dev.tidemark.defs.FeatureView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The derived features of a view: computed when a row is read, by the same code online and offline. Immutable; safe for use by
 * many threads.
 */
public final class DerivedValues {
    private static final String NOW = "now";
    private static final String LAST_EVENT_TIME = "last_event_time";

    private final FeatureView view;
    private final Map<String, ExpressionProgram> programs = new LinkedHashMap<>();

    private DerivedValues(FeatureView view) {
        this.view = view;
        for (DerivedFeature feature : view.derived()) {
            programs.put(feature.name(), ExpressionProgram.compile(feature.expression()));
        }
    }

    /** Compiles the derived features of a view. */
    public static DerivedValues of(FeatureView view) {
        return new DerivedValues(view);
    }

    /**
     * The values of the derived features by name, in an order in which each uses only earlier ones.
     *
     * @param joinKeys the values of the entity's keys in the order of its definition
     * @param row a row of the view
     * @param now the instant of the read; its part below a millisecond is cut off
     */
    public Map<String, @Nullable Object> evaluate(List<?> joinKeys, FeatureRow row, Instant now) {
        Map<String, @Nullable Object> derived = new LinkedHashMap<>();
        if (programs.isEmpty()) {
            return derived;
        }
        Map<String, @Nullable Object> variables = variables(joinKeys, row, now);
        programs.forEach((name, program) -> {
            Object result = program.evaluate(variables);
            Object value = InputProgram.isNotFinite(result) ? null : result;
            variables.put(name, value);
            derived.put(name, value);
        });
        return derived;
    }

    private Map<String, @Nullable Object> variables(List<?> joinKeys, FeatureRow row, Instant now) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        List<String> keyNames = view.entity().keyNames();
        for (int i = 0; i < keyNames.size(); i++) {
            variables.put(keyNames.get(i), joinKeys.get(i));
        }
        for (int i = 0; i < view.features().size(); i++) {
            variables.put(view.features().get(i).name(), row.values().get(i));
        }
        variables.put(NOW, now.truncatedTo(ChronoUnit.MILLIS));
        variables.put(LAST_EVENT_TIME, Instant.ofEpochMilli(row.lastEventTime()));
        return variables;
    }
}
