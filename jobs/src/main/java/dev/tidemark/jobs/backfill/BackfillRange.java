package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which part of the log a backfill covers, as it was asked for.
 *
 * @param rowsOnly whether both ends are those of the rows that are written, and events are read from as far before as these need; otherwise
 *     they are those of the events, and to the rows the log begins and ends with them
 * @param drain whether the end settles every change point that is still to come, as though no event followed
 */
public record BackfillRange(LogBound from, LogBound to, boolean rowsOnly, boolean drain) {
    /**
     * Looks whether it makes sense.
     *
     * @throws JobSetupException if it does not; it lists every problem
     */
    public void check() throws JobSetupException {
        List<String> problems = new ArrayList<>();
        if (rowsOnly && (from instanceof LogBound.Offsets || to instanceof LogBound.Offsets)) {
            problems.add(
                    "--range-only is about the instants of rows: give --from and --to as instants, not as offsets.");
        }
        if (rowsOnly && drain && to instanceof LogBound.At) {
            problems.add(
                    "--drain writes rows that begin after --to, and --range-only none of these: leave out one of the two.");
        }
        if (from instanceof LogBound.At first && to instanceof LogBound.At end && first.instant() >= end.instant()) {
            problems.add("--to must be later than --from.");
        }
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
    }

    /** A sentence on why events before the range are needed, for people; empty if none are. */
    public String readsBack(FeatureView view) {
        Reach reach = Reach.of(view);
        if (!rowsOnly || !(from instanceof LogBound.At)) {
            return "";
        }
        return reach.wholeLog()
                ? "Every event of the log counts, because " + reach.reason() + "."
                : "Events count from " + Duration.ofMillis(reach.millis()) + " before the range on, because "
                        + reach.reason() + ".";
    }

    BackfillPlan plan(FeatureView view, List<BackfillPlan.Part> parts) {
        long first = from instanceof LogBound.At at ? at.instant() : Long.MIN_VALUE;
        long end = to instanceof LogBound.At at ? at.instant() : Long.MAX_VALUE;
        Duration every = view.history().every();
        long settle = end == Long.MAX_VALUE ? end : end + (every == null ? 0 : every.toMillis());
        Reach reach = Reach.of(view);
        boolean allEvents = first == Long.MIN_VALUE || rowsOnly && reach.wholeLog();
        return new BackfillPlan(
                view.source().topic(),
                parts,
                allEvents ? Long.MIN_VALUE : rowsOnly ? first - reach.millis() : first,
                drain ? end : settle,
                rowsOnly ? first : Long.MIN_VALUE,
                drain ? Long.MAX_VALUE : end,
                settle,
                drain,
                List.of());
    }
}
