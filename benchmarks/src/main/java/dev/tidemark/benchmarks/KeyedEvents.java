package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.record.KeyedEvent;
import java.util.List;
import java.util.stream.IntStream;

/** The events as a view of Tidemark gets them from its source, packed. */
record KeyedEvents(FeatureView view) implements GeneratedEvents.MakerFactory<KeyedEvent> {
    @Override
    public GeneratedEvents.Maker<KeyedEvent> create(Workload workload) {
        ViewPlan plan = ViewPlan.of(view);
        String[] keys = IntStream.range(0, workload.keys())
                .mapToObj(key -> JoinKeys.encode(view.entity(), List.of(Workload.key(key))))
                .toArray(String[]::new);
        byte[][] inputs = Views.inputs(plan).stream().map(plan::encodeInputs).toArray(byte[][]::new);
        return (number, key, time) ->
                new KeyedEvent(keys[key], time, 0, number, 0, inputs[(int) (number % inputs.length)]);
    }
}
