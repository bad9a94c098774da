package dev.tidemark.engine.oracle;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.Window;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One feature of one entity. */
final class FeatureOracle {
    private final Feature feature;
    private final DataType inputType;
    private final int input;
    private final List<ViewEvent> events;

    // A value depends on the covered events alone, so neighbouring instants that cover the same ones need not add them
    // up again.
    private int knownBegin = -1;
    private int knownEnd = -1;
    private @Nullable Object knownValue;

    /**
     * Takes the events of an entity.
     *
     * @param inputType the type of the aggregated column
     * @param input the place of the feature's input in {@link ViewEvent#inputs()}
     * @param events in their order
     */
    FeatureOracle(Feature feature, DataType inputType, int input, List<ViewEvent> events) {
        this.feature = feature;
        this.inputType = inputType;
        this.input = input;
        this.events = events;
    }

    @Nullable
    Object valueAt(long instant) {
        if (feature.window() instanceof Window.Lifetime) {
            return valueOf(0, countBefore(instant));
        } else if (feature.window() instanceof Window.Sliding window) {
            return valueOf(
                    countBefore(WindowBounds.from(window, instant)), countBefore(WindowBounds.end(window, instant)));
        }
        Window.Tumbling window = (Window.Tumbling) feature.window();
        long end = PeriodBounds.last(window, instant);
        return valueOf(countBefore(PeriodBounds.last(window, end - 1)), countBefore(end));
    }

    private @Nullable Object valueOf(int begin, int end) {
        if (begin != knownBegin || end != knownEnd) {
            List<Object> inputs = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            for (ViewEvent event : events.subList(begin, end)) {
                Object value = event.inputs().get(input);
                if (value != null) {
                    inputs.add(value);
                    times.add(event.time());
                }
            }
            knownValue = OracleAggregates.value(feature, inputType, inputs, times);
            knownBegin = begin;
            knownEnd = end;
        }
        return knownValue;
    }

    /** How many events have a time before {@code instant}; as they are in order, these are the first ones. */
    private int countBefore(long instant) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).time() < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
