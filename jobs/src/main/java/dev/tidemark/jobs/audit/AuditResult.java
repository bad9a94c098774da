package dev.tidemark.jobs.audit;

import java.util.HashMap;
import java.util.Map;

/**
 * What an audit saw.
 *
 * @param entities how many entities of all views were looked at
 * @param events how many events of the log went into the recomputation, each counted once for each view; 0 without one
 * @param rows how many rows were compared
 * @param mismatches how many differences stayed
 * @param unsettled how many rows were not compared because they are not settled yet, or know events beyond the audited offsets
 * @param pending how many rows the log calls for and the job has not written, but neither anything that lies behind them: it is late, or stands still
 * @param settled up to where the logs that were recomputed settle every row of the views, epoch milliseconds; {@link Long#MAX_VALUE}
 *     without one
 * @param offsets the end of the log that was recomputed, by topic, as {@link dev.tidemark.engine.LogPosition} writes it
 */
public record AuditResult(
        long entities,
        long events,
        long rows,
        long mismatches,
        long unsettled,
        long pending,
        long settled,
        Map<String, String> offsets) {
    public AuditResult {
        offsets = Map.copyOf(offsets);
    }

    /** Both together; of a log that an earlier audit and a later one read, both have seen what is before the earlier one's end. */
    public AuditResult plus(AuditResult later) {
        Map<String, String> first = new HashMap<>(later.offsets);
        first.putAll(offsets);
        return new AuditResult(
                entities + later.entities,
                events + later.events,
                rows + later.rows,
                mismatches + later.mismatches,
                unsettled + later.unsettled,
                pending + later.pending,
                Math.min(settled, later.settled),
                first);
    }
}
