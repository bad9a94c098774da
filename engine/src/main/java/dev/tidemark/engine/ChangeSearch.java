package dev.tidemark.engine;

import dev.tidemark.engine.WindowPlan.FeaturePlan;
import dev.tidemark.engine.WindowPlan.TotalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When the values of a cursor become others if no further event comes, and when they became what they are. */
final class ChangeSearch {
    private final ViewPlan plan;
    private final WindowReader reader;

    ChangeSearch(ViewPlan plan, WindowReader reader) {
        this.plan = plan;
        this.reader = reader;
    }

    /** The next instant after a cursor's at which a value differs from the cursor's, if no further event comes. */
    long nextChange(Cursor cursor) {
        cursor.refresh();
        long next = FeatureRow.NEVER;
        for (WindowTotal window : cursor.windows) {
            boolean hides = window.plan.hidesAny(cursor.instant);
            if (window.plan.lifetime() || !hides && reader.nextCandidate(window, cursor.instant) >= next) {
                continue;
            }
            next = !hides
                            && window.plan.lane().offset() == 0
                            && !window.plan.lane().tumbling()
                    ? nextChangeByExits(window, cursor.instant, next)
                    : nextChangeByValue(window, cursor.instant, next);
        }
        return next;
    }

    private long nextChangeByExits(WindowTotal window, long instant, long limit) {
        long exit = reader.nextExit(window, instant);
        if (exit < limit && countsWhatLeaves(window)) {
            return exit;
        }
        long next = limit;
        for (FeaturePlan feature : window.plan.features()) {
            if (exit < next) {
                next = nextChangeByExits(window, feature, instant, next);
            }
        }
        return next;
    }

    /** Whether some feature surely changes when the next slice leaves, for it counts what is in it. */
    private boolean countsWhatLeaves(WindowTotal window) {
        Slice slice = reader.slices(window).first(window.place, window.tail);
        if (slice == null) {
            return false;
        }
        for (FeaturePlan feature : window.plan.features()) {
            TotalPlan total = window.plan.totals().get(feature.total());
            if (feature.direct()
                    && window.totals[feature.total()] instanceof Count
                    && slice.cell(total.cell()) != null) {
                return true;
            }
        }
        return false;
    }

    /** Simulates one feature's total alone, slice by slice, up to the first exit that changes its value. */
    private long nextChangeByExits(WindowTotal window, FeaturePlan feature, long instant, long limit) {
        Accumulator total = window.totals[feature.total()];
        Object current = feature.value(total);
        LanePlan lane = window.plan.lane();
        WindowTotal rest = probe(window);
        long stable = total.isEmpty() ? Cursor.FAR_PAST : lane.slice(total.stableUntil());
        long exit = reader.nextExit(window, instant);
        if (stable > window.tail) {
            // Nothing changes before the slice of that event leaves: the slices until then need not be looked at.
            exit = window.plan.exit(stable);
            if (exit >= limit) {
                return limit;
            }
            rest.tail = stable;
            rest.moved();
            reader.aggregateOne(rest, feature.total(), instant);
        } else {
            rest.totals[feature.total()].merge(total);
        }
        while (exit < limit) {
            long newTail = window.plan.tail(exit);
            if (!exitOne(rest, feature.total(), newTail)) {
                rest.tail = newTail;
                rest.moved();
                reader.aggregateOne(rest, feature.total(), instant);
            }
            rest.tail = newTail;
            if (!ValueEquality.same(feature.value(rest.totals[feature.total()]), current)) {
                return exit;
            }
            exit = reader.nextExit(rest, instant);
        }
        return limit;
    }

    /** A copy of a window that may go ahead, without totals. */
    private static WindowTotal probe(WindowTotal window) {
        WindowTotal probe = new WindowTotal(window.plan, new Sequence.Place());
        probe.tail = window.tail;
        probe.place.set(window.place);
        return probe;
    }

    private boolean exitOne(WindowTotal window, int total, long newTail) {
        int cell = window.plan.totals().get(total).cell();
        Sequence<Slice> slices = reader.slices(window);
        Slice slice = slices.first(window.place, window.tail);
        while (slice != null && slice.start() < newTail) {
            Accumulator leaving = slice.cell(cell);
            if (leaving != null && !window.totals[total].remove(leaving)) {
                return false;
            }
            slices.next(window.place);
            window.moved();
            slice = slices.at(window.place);
        }
        int first = reader.firstBuffered(window);
        int end = reader.buffer().indexOf(newTail);
        Accumulator leaving = first >= end
                ? null
                : reader.sliceOf(window.plan.lane(), first, end).cell(cell);
        return leaving == null || window.totals[total].remove(leaving);
    }

    private long nextChangeByValue(WindowTotal window, long instant, long limit) {
        WindowTotal probe = probe(window);
        @Nullable Object[] values = new @Nullable Object[plan.view().features().size()];
        reader.aggregate(probe, instant);
        probe.read(values, instant);
        for (long next = nextLook(probe, instant); next < limit; next = nextLook(probe, next)) {
            probe.tail = window.plan.tail(next);
            probe.moved();
            reader.aggregate(probe, next);
            if (probe.read(values, next)) {
                return next;
            }
        }
        return limit;
    }

    private long nextLook(WindowTotal window, long instant) {
        return Math.min(reader.nextCandidate(window, instant), window.plan.nextCovered(instant));
    }

    /**
     * The last instant after {@code from}, up to a cursor's, at which a value became another; {@code from} if there is none. No event enters
     * a window in that time.
     */
    long lastChange(Cursor cursor, long from) {
        return onlyLeaves(cursor, from) ? lastChangeByExits(cursor, from) : lastChangeByValue(cursor, from);
    }

    /** Whether values change after an instant only because slices leave. */
    private static boolean onlyLeaves(Cursor cursor, long from) {
        for (WindowTotal window : cursor.windows) {
            boolean sliding = !window.plan.lifetime()
                    && !window.plan.lane().tumbling()
                    && window.plan.lane().offset() == 0;
            if (!window.plan.lifetime() && !sliding || window.plan.hidesAny(from)) {
                return false;
            }
        }
        return true;
    }

    /** Puts back what left, the newest first, until a value is another: most often the first will do. */
    private long lastChangeByExits(Cursor cursor, long from) {
        List<Left> windows = new ArrayList<>();
        for (WindowTotal window : cursor.windows) {
            if (!window.plan.lifetime()) {
                windows.add(new Left(window));
            }
        }
        long latest = lastExit(windows, from);
        while (latest != from && !putBack(windows, latest)) {
            latest = lastExit(windows, from);
        }
        windows.forEach(window -> reader.slices(window.window).packUpAll());
        return latest;
    }

    private static long lastExit(List<Left> windows, long from) {
        long latest = from;
        for (Left window : windows) {
            latest = Math.max(latest, window.exit);
        }
        return latest;
    }

    private static boolean putBack(List<Left> windows, long exit) {
        boolean differs = false;
        for (Left window : windows) {
            differs |= window.exit == exit && window.putBack();
        }
        return differs;
    }

    /** A window into which slices are put back that have left it. */
    private final class Left {
        private final WindowTotal window;
        private final LanePlan lane;
        private @Nullable WindowTotal before; // Null while nothing was put back.
        private long tail;
        private long start; // Of the slice that left last.
        private long exit; // When it did.

        Left(WindowTotal window) {
            this.window = window;
            this.lane = window.plan.lane();
            this.tail = window.tail;
            look();
        }

        private void look() {
            Slice slice = reader.slices(window).before(tail);
            start = slice == null ? Cursor.FAR_PAST : slice.start();
            EventBuffer buffer = reader.buffer();
            int index = buffer.indexOf(tail) - 1;
            while (index >= reader.unfolded() && !lane.takes(buffer.get(index))) {
                index--;
            }
            if (index >= reader.unfolded()) {
                start = Math.max(start, lane.slice(buffer.get(index).time()));
            }
            exit = start == Cursor.FAR_PAST ? Cursor.FAR_PAST : window.plan.exit(start);
        }

        /** Puts back the slice that left last, and says whether a value is then another. */
        boolean putBack() {
            WindowTotal rest = before == null ? probe(window) : before;
            if (before == null) {
                rest.set(window);
                before = rest;
            }
            Slice slice = reader.slices(window).before(tail);
            if (slice != null && slice.start() == start) {
                merge(slice, rest);
            }
            int first = Math.max(reader.unfolded(), reader.buffer().indexOf(start));
            int end = reader.buffer().indexOf(lane.sliceEnd(start));
            if (end > first) {
                merge(reader.sliceOf(lane, first, end), rest);
            }
            tail = start;
            look();
            return differs(rest);
        }

        private void merge(Slice slice, WindowTotal rest) {
            List<TotalPlan> totals = window.plan.totals();
            for (int i = 0; i < totals.size(); i++) {
                Accumulator back = slice.cell(totals.get(i).cell());
                if (back != null) {
                    rest.totals[i].merge(back);
                }
            }
        }

        private boolean differs(WindowTotal rest) {
            for (FeaturePlan feature : window.plan.features()) {
                Object now = feature.value(window.totals[feature.total()]);
                if (!ValueEquality.same(feature.value(rest.totals[feature.total()]), now)) {
                    return true;
                }
            }
            return false;
        }
    }

    private long lastChangeByValue(Cursor cursor, long from) {
        long change = from;
        Cursor probe = reader.probeAt(from);
        probe.lastEventTime = cursor.lastEventTime;
        probe.refresh();
        for (long next = reader.nextCandidate(probe);
                next <= cursor.instant && next != FeatureRow.NEVER;
                next = reader.nextCandidate(probe)) {
            reader.move(probe, next);
            if (probe.refresh()) {
                change = next;
            }
        }
        return change;
    }
}
