package dev.tidemark.stores;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import java.util.Map;

/**
 * A row as the online store has it.
 *
 * @param position of the events that the row knows
 * @param epoch the number of the {@link Epoch} that wrote it
 */
public record OnlineRow(FeatureRow row, LogPosition position, long epoch) {

    /** Those partitions of a position in which the row has not come that far. */
    public LogPosition lacking(LogPosition wanted) {
        LogPosition lacking = LogPosition.NONE;
        for (Map.Entry<Integer, Long> entry : wanted.offsets().entrySet()) {
            if (position.offset(entry.getKey()) < entry.getValue()) {
                lacking = lacking.with(entry.getKey(), entry.getValue());
            }
        }
        return lacking;
    }
}
