package dev.tidemark.jobs.audit;

import static dev.tidemark.jobs.audit.Difference.Kind.HISTORY_DIFFERS_FROM_REPLAY;
import static dev.tidemark.jobs.audit.Difference.Kind.HISTORY_EXTRA;
import static dev.tidemark.jobs.audit.Difference.Kind.HISTORY_MISSING;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_BEHIND_HISTORY;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_BEHIND_LOG;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_DIFFERS_FROM_HISTORY;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_DIFFERS_FROM_REPLAY;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_KNOWS_OTHER_EVENTS;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_MISSING;
import static dev.tidemark.jobs.audit.Difference.Kind.ONLINE_NOT_IN_HISTORY;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.OnlineRow;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what the stores hold of one entity, to the bit. */
final class EntityCheck {
    private final Scope scope;
    private final @Nullable Recomputation replay;
    private final @Nullable OnlineRow online;
    private final NavigableMap<Long, FeatureRow> history;
    private final Findings findings;

    private EntityCheck(Scope scope, String key, Stored stored, @Nullable Recomputation replay) {
        this.scope = scope;
        this.replay = replay;
        this.online = stored.online();
        this.history = byInstant(scope.kept(stored.history()));
        this.findings = new Findings(scope.view().id(), key);
    }

    /**
     * What the stores hold of an entity.
     *
     * @param before the newest history row before the online row was read: the online row must not be older; null for none
     * @param online null for none
     * @param history all rows, read after the online row, by ascending valid_from
     */
    record Stored(@Nullable FeatureRow before, @Nullable OnlineRow online, List<FeatureRow> history) {}

    /**
     * Compares.
     *
     * @param replay null to compare the stores with each other only
     */
    static Findings of(Scope scope, String key, Stored stored, @Nullable Recomputation replay) {
        EntityCheck check = new EntityCheck(scope, key, stored, replay);
        check.onlineWithHistory(stored.before());
        if (replay != null) {
            check.historyWithReplay(replay);
            check.onlineWithReplay(replay);
        }
        return check.findings;
    }

    private void onlineWithHistory(@Nullable FeatureRow before) {
        if (online == null) {
            if (before != null && !scope.mayBeForgotten(before)) {
                findings.add(ONLINE_MISSING, before.validFrom(), null, before, position());
            }
            return;
        }
        FeatureRow row = online.row();
        FeatureRow same = history.get(row.validFrom());
        if (before != null && before.validFrom() > row.validFrom()) {
            findings.add(ONLINE_BEHIND_HISTORY, before.validFrom(), row, before, online.position());
        } else if (same != null) {
            findings.compared();
            if (!row.sameContent(same)) {
                findings.add(ONLINE_DIFFERS_FROM_HISTORY, row.validFrom(), row, same, online.position());
            }
        } else if (scope.isSettled(row.validFrom(), scope.complete()) && scope.isRetained(row.validFrom())) {
            findings.add(
                    ONLINE_NOT_IN_HISTORY,
                    row.validFrom(),
                    row,
                    value(history.floorEntry(row.validFrom())),
                    online.position());
        } else {
            findings.unsettled();
        }
    }

    private void historyWithReplay(Recomputation recomputed) {
        NavigableMap<Long, FeatureRow> expected = byInstant(scope.kept(recomputed.rows()));
        TreeSet<Long> instants = new TreeSet<>(history.keySet());
        expected.keySet().stream()
                .filter(instant -> instant <= newest() || scope.isSettled(instant, scope.settled()))
                .forEach(instants::add);
        for (long instant : instants) {
            if (!scope.isSettled(instant, scope.settled()) && !scope.stoodStill()) {
                // A partition was idle, and what came since may have changed this row.
                findings.unsettled();
            } else {
                historyRow(instant, history.get(instant), expected.get(instant), recomputed);
            }
        }
    }

    private long newest() {
        return history.isEmpty() ? Long.MIN_VALUE : history.lastKey();
    }

    private void historyRow(
            long instant, @Nullable FeatureRow found, @Nullable FeatureRow expected, Recomputation recomputed) {
        // An entity's rows come in their order.
        if (found == null && instant > newest() && !scope.isSettled(instant, scope.complete())) {
            findings.pending();
            return;
        }
        findings.compared();
        if (found != null && expected != null && found.sameContent(expected)) {
            return;
        }
        Difference.Kind kind =
                found == null ? HISTORY_MISSING : expected == null ? HISTORY_EXTRA : HISTORY_DIFFERS_FROM_REPLAY;
        findings.add(kind, instant, found, expected, recomputed.positionBefore(instant));
    }

    private void onlineWithReplay(Recomputation recomputed) {
        List<FeatureRow> all = recomputed.rows();
        if (online == null) {
            // That there is none although the history has rows was said already.
            if (!all.isEmpty() && history.isEmpty() && !scope.mayBeForgotten(all.get(all.size() - 1))) {
                behindLog(all.get(0).validFrom(), null, all.get(0), recomputed);
            }
            return;
        }
        FeatureRow row = online.row();
        LogPosition position = online.position();
        if (position.equals(LogPosition.NONE)) {
            rebuilt(row, byInstant(all), recomputed);
        } else if (!scope.end().covers(position)) {
            findings.unsettled();
        } else {
            NavigableMap<Long, FeatureRow> known = byInstant(recomputed.rowsAt(position));
            findings.compared();
            if (!position.equals(recomputed.positionWithin(position))) {
                findings.add(ONLINE_KNOWS_OTHER_EVENTS, row.validFrom(), row, known.get(row.validFrom()), position);
            } else if (!isRow(row, known)) {
                findings.add(ONLINE_DIFFERS_FROM_REPLAY, row.validFrom(), row, at(row.validFrom(), known), position);
            } else if (!position.covers(recomputed.position()) && !isRow(row, byInstant(all))) {
                behindLog(row.validFrom(), row, at(row.validFrom(), byInstant(all)), recomputed);
            }
        }
    }

    /**
     * A row that was rebuilt from the history does not say which events it knows, nor when it ends. If it is that of its instant, it knows all events
     * before and none after; the history may not have had what came then.
     */
    private void rebuilt(FeatureRow row, NavigableMap<Long, FeatureRow> all, Recomputation recomputed) {
        FeatureRow same = all.get(row.validFrom());
        findings.compared();
        if (same == null || !row.sameContent(same)) {
            findings.add(ONLINE_DIFFERS_FROM_REPLAY, row.validFrom(), row, at(row.validFrom(), all), LogPosition.NONE);
            return;
        }
        FeatureRow lacking = firstAfter(row.lastEventTime(), all);
        if (lacking != null) {
            boolean passed =
                    recomputed.knowsFrom(row.validFrom(), scope.frontier().passed(online));
            behindLog(lacking.validFrom(), row, lacking, recomputed, passed);
        }
    }

    /** The first row that knows an event after an instant. */
    private static @Nullable FeatureRow firstAfter(long instant, NavigableMap<Long, FeatureRow> rows) {
        for (FeatureRow row : rows.values()) {
            if (row.lastEventTime() > instant) {
                return row;
            }
        }
        return null;
    }

    private void behindLog(
            long validFrom, @Nullable FeatureRow found, @Nullable FeatureRow expected, Recomputation recomputed) {
        LogPosition position = online == null ? LogPosition.NONE : online.position();
        boolean passed = recomputed.knowsMore(scope.frontier().passed(online), position);
        behindLog(validFrom, found, expected, recomputed, passed);
    }

    /** @param passed whether the writers of online rows have come behind an event that the row lacks */
    private void behindLog(
            long validFrom,
            @Nullable FeatureRow found,
            @Nullable FeatureRow expected,
            Recomputation recomputed,
            boolean passed) {
        if (passed) {
            findings.add(ONLINE_BEHIND_LOG, validFrom, found, expected, recomputed.position());
        } else {
            findings.pending();
        }
    }

    /** Whether a row is that of its instant, and ends where the next begins. */
    private static boolean isRow(FeatureRow row, NavigableMap<Long, FeatureRow> rows) {
        FeatureRow expected = at(row.validFrom(), rows);
        return expected != null
                && expected.validFrom() == row.validFrom()
                && expected.validUntil() == row.validUntil()
                && expected.sameContent(row);
    }

    /** The row that holds at an instant, with its end, which is the next one's beginning. */
    private static @Nullable FeatureRow at(long instant, NavigableMap<Long, FeatureRow> rows) {
        FeatureRow row = value(rows.floorEntry(instant));
        Long next = rows.higherKey(instant);
        return row == null
                ? null
                : new FeatureRow(
                        row.values(), row.validFrom(), next == null ? FeatureRow.NEVER : next, row.lastEventTime());
    }

    private LogPosition position() {
        return replay == null ? LogPosition.NONE : replay.position();
    }

    private static @Nullable FeatureRow value(java.util.Map.@Nullable Entry<Long, FeatureRow> entry) {
        return entry == null ? null : entry.getValue();
    }

    private static NavigableMap<Long, FeatureRow> byInstant(List<FeatureRow> rows) {
        NavigableMap<Long, FeatureRow> map = new TreeMap<>();
        rows.forEach(row -> map.put(row.validFrom(), row));
        return map;
    }
}
