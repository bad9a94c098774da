package dev.tidemark.jobs.view;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.EventProjector;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.jobs.record.KeyedEvent;
import java.util.Optional;

/** Makes of the events of a log what the ingest would make of them for one view. */
final class Projections {
    private final ViewPlan plan;
    private final EventProjector projector;

    Projections(FeatureView view) {
        this.plan = ViewPlan.of(view);
        this.projector = new EventProjector(plan);
    }

    /** What arrives at the view; empty if its condition refuses the event or a join key is null. */
    Optional<KeyedEvent> of(LogEvent event) {
        EventProjector.Projection projected = projector.project(event.columns());
        if (projected == null || projected.key() == null) {
            return Optional.empty();
        }
        byte[] inputs = plan.encodeInputs(projected.inputs());
        return Optional.of(new KeyedEvent(projected.key(), event.time(), event.partition(), event.offset(), 0, inputs));
    }
}
