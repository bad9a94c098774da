package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import java.util.List;

/**
 * A view, and a log of its source.
 *
 * @param unit the milliseconds in which windows and gaps between events are counted, so that they are of one order of size
 * @param log the events of all partitions, each partition's in the order of their offsets
 */
public record Scenario(long unit, FeatureView view, List<LogEvent> log) {
    public Scenario {
        log = List.copyOf(log);
    }

    /** The view and the log, as short as they can be told. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("lateness ")
                .append(view.source().allowedLateness().toMillis());
        if (view.where() != null) {
            text.append("\n  where ").append(view.where().text());
        }
        if (view.history().every() != null) {
            text.append("\n  every ").append(view.history().every());
        }
        for (Column column : view.columns()) {
            if (column instanceof Column.Computed computed) {
                text.append("\n  column ")
                        .append(column.name())
                        .append(" = ")
                        .append(computed.expression().text());
            }
        }
        for (Feature feature : view.features()) {
            text.append("\n  ")
                    .append(feature.name())
                    .append(" = ")
                    .append(feature.aggregate().spelling())
                    .append(" of ")
                    .append(feature.column())
                    .append(" over ")
                    .append(feature.window());
            if (feature.where() != null) {
                text.append(" where ").append(feature.where().text());
            }
            if (feature.defaultValue() != null) {
                text.append(" default ").append(feature.defaultValue());
            }
        }
        log.forEach(event -> text.append("\n  ").append(event));
        return text.toString();
    }
}
