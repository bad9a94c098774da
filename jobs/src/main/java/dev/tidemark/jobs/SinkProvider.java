package dev.tidemark.jobs;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.view.OnlineLoss;
import java.util.Optional;
import org.apache.flink.api.connector.sink2.Sink;

/** Where rows and refused records go. */
public interface SinkProvider {
    /** Takes the provisional rows of a view, in order for each entity; empty if nobody wants them. */
    Optional<Sink<RowUpdate>> online(FeatureView view);

    /** Tells when the takers of provisional rows have lost them all; empty if that is not looked after. */
    default Optional<OnlineLoss> onlineLoss(FeatureView view) {
        return Optional.empty();
    }

    /** Takes the settled rows of a view, in order for each entity. */
    Sink<RowUpdate> history(FeatureView view);

    /** Takes the refused records of a source. */
    Sink<DeadLetter> deadLetters(Source source);
}
