package dev.tidemark.engine;

import dev.tidemark.engine.ViewPlan.FeaturePlan;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entity's events, and the window algebra over them.
 *
 * <p>A lane of offset {@code d} (which is 0 for tumbling windows) holds, in slices, the events before {@code folded - d}; the buffer holds the later ones. So the
 * events of a window at any instant from {@code folded} on are those slices that start at its tail or later, and the buffered
 * events from there up to its head. A window's tail lies on the grid of its slices: a slice leaves as a whole.
 */
final class WindowReader {
    private final ViewPlan plan;
    private final List<Lane> lanes = new ArrayList<>();
    private final EventBuffer buffer;
    private long folded = Cursor.FAR_PAST;

    WindowReader(ViewPlan plan) {
        this.plan = plan;
        this.buffer = new EventBuffer(plan.inputTypes());
        plan.lanes().forEach(lane -> lanes.add(new Lane(lane)));
    }

    /** Takes an event at {@code folded} or later. */
    void buffer(InputEvent event) {
        buffer.add(event);
    }

    /** Takes other events in the place of all at {@code folded} or later. Cursors that have passed them are then wrong. */
    void rebuffer(List<InputEvent> events) {
        buffer.replaceFrom(folded, events);
    }

    /** Moves a cursor, whose instant is {@code folded} or later, forward to {@code instant}. */
    void move(Cursor cursor, long instant) {
        for (int i = 0; i < cursor.totals.length; i++) {
            FeaturePlan feature = plan.features().get(i);
            if (feature.lifetime()) {
                enter(feature, cursor.totals[i], cursor.instant, instant);
            } else {
                cursor.totals[i] = moved(feature, cursor.totals[i], cursor.instant, instant);
            }
        }
        List<InputEvent> entering = buffer.between(cursor.instant, instant);
        if (!entering.isEmpty()) {
            cursor.lastEventTime = Math.max(
                    cursor.lastEventTime, entering.get(entering.size() - 1).time());
        }
        cursor.instant = instant;
    }

    /** Folds the events before {@code instant} into slices and forgets what no window reaches from there. */
    void fold(long instant) {
        for (int i = 0; i < lanes.size(); i++) {
            LanePlan lane = plan.lanes().get(i);
            buffer.between(folded - lane.offset(), instant - lane.offset()).forEach(lanes.get(i)::add);
            lanes.get(i).dropBefore(lane.tail(instant, lane.maxLength()));
        }
        folded = instant;
        buffer.dropBefore(instant - plan.maxOffset());
    }

    /** The next instant after {@code instant} at which an event enters a window or a slice leaves one. */
    long nextCandidate(long instant) {
        long next = nextEntry(0, instant);
        for (LanePlan lane : plan.lanes()) {
            next = Math.min(next, lane.tumbling() ? next : nextEntry(lane.offset(), instant));
        }
        for (FeaturePlan feature : plan.features()) {
            if (!feature.lifetime()) {
                LanePlan lane = plan.lanes().get(feature.lane());
                next = Math.min(
                        next,
                        lane.tumbling()
                                ? nextPeriod(feature, instant)
                                : nextExit(feature, lane.tail(instant, feature.length()), instant));
            }
        }
        return next;
    }

    /** The next instant after a cursor's at which a value differs from the cursor's, if no further event comes. */
    long nextChange(Cursor cursor) {
        long next = FeatureRow.NEVER;
        for (int i = 0; i < cursor.totals.length; i++) {
            FeaturePlan feature = plan.features().get(i);
            if (!feature.lifetime()) {
                LanePlan lane = plan.lanes().get(feature.lane());
                next = lane.offset() == 0 && !lane.tumbling()
                        ? nextChangeByExits(feature, cursor.totals[i], cursor.instant, next)
                        : nextChangeByValue(feature, cursor.totals[i], cursor.instant, next);
            }
        }
        return next;
    }

    /** The values of all features at an instant from {@code folded} on that have no lifetime total to be read from. */
    List<@Nullable Object> valuesAt(long instant) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FeaturePlan feature : plan.features()) {
            // A lifetime value does not change without an event, and this is asked only of instants after the last.
            values.add(feature.lifetime() ? null : feature.value(aggregate(feature, instant)));
        }
        return values;
    }

    void write(DataOutput out) throws IOException {
        for (Lane lane : lanes) {
            lane.write(out);
        }
        buffer.write(out);
    }

    void read(long foldedUpTo, DataInputStream in, ArrayInput input) throws IOException {
        folded = foldedUpTo;
        for (Lane lane : lanes) {
            lane.read(in, input);
        }
        buffer.read(in);
    }

    private Accumulator moved(FeaturePlan feature, Accumulator total, long from, long to) {
        LanePlan lane = plan.lanes().get(feature.lane());
        long oldTail = lane.tail(from, feature.length());
        long newTail = lane.tail(to, feature.length());
        if (lane.tumbling()) {
            return oldTail == newTail ? total : aggregate(feature, to);
        }
        long oldHead = lane.head(from);
        if (newTail > oldHead || !exit(feature, total, oldTail, newTail)) {
            return aggregate(feature, to);
        }
        enter(feature, total, oldHead, lane.head(to));
        return total;
    }

    /** Adds the buffered events of an interval to a total. */
    private void enter(FeaturePlan feature, Accumulator total, long from, long to) {
        for (InputEvent event : buffer.between(from, to)) {
            Object value = event.inputs()[feature.input()];
            if (value != null) {
                total.add(value, event);
            }
        }
    }

    /** Takes what lies between two tails out of a total; false if the total must be made anew. */
    private boolean exit(FeaturePlan feature, Accumulator total, long oldTail, long newTail) {
        if (oldTail == newTail) {
            return true;
        }
        long buffered =
                Math.max(oldTail, folded - plan.lanes().get(feature.lane()).offset());
        if (!lanes.get(feature.lane()).removeFrom(total, feature.cell(), oldTail, newTail)) {
            return false;
        }
        if (buffer.between(buffered, newTail).isEmpty()) {
            return true;
        }
        Accumulator leaving = feature.accumulator().create();
        enter(feature, leaving, buffered, newTail);
        return total.remove(leaving);
    }

    /** The aggregate of a window at an instant, from its slices and events. */
    private Accumulator aggregate(FeaturePlan feature, long instant) {
        LanePlan lane = plan.lanes().get(feature.lane());
        long tail = lane.tail(instant, feature.length());
        Accumulator total = feature.accumulator().create();
        lanes.get(feature.lane()).mergeInto(total, feature.cell(), tail, lane.head(instant));
        enter(feature, total, Math.max(tail, folded - lane.offset()), lane.head(instant));
        return total;
    }

    private long nextEntry(long offset, long instant) {
        List<InputEvent> later = buffer.between(instant - offset, FeatureRow.NEVER);
        return later.isEmpty() ? FeatureRow.NEVER : later.get(0).time() + offset + 1;
    }

    /** When the oldest slice leaves of a window with this tail, whose events all entered before {@code instant}. */
    private long nextExit(FeaturePlan feature, long tail, long instant) {
        LanePlan lane = plan.lanes().get(feature.lane());
        long start = lanes.get(feature.lane()).firstStart(feature.cell(), tail);
        for (InputEvent event : buffer.between(Math.max(tail, folded - lane.offset()), instant - lane.offset())) {
            if (event.inputs()[feature.input()] != null) {
                start = Math.min(start, lane.slice(event.time()));
                break;
            }
        }
        return start == FeatureRow.NEVER ? FeatureRow.NEVER : lane.exit(start, feature.length());
    }

    /** The next instant after {@code instant} at which a tumbling window has other events, of those that are known. */
    private long nextPeriod(FeaturePlan feature, long instant) {
        LanePlan lane = plan.lanes().get(feature.lane());
        long tail = lane.tail(instant, feature.length());
        long start = lanes.get(feature.lane()).firstStart(feature.cell(), tail);
        for (InputEvent event : buffer.between(Math.max(tail, folded), FeatureRow.NEVER)) {
            if (event.inputs()[feature.input()] != null) {
                start = Math.min(start, lane.slice(event.time()));
                break;
            }
        }
        if (start == FeatureRow.NEVER) {
            return FeatureRow.NEVER;
        }
        // Either the events that are in go with the running period's end, or those of a later period come in with its
        // end.
        return lane.sliceEnd(Math.max(start, lane.head(instant)));
    }

    private long nextChangeByExits(FeaturePlan feature, Accumulator total, long instant, long limit) {
        LanePlan lane = plan.lanes().get(feature.lane());
        Object current = feature.value(total);
        Accumulator rest = feature.accumulator().create();
        rest.merge(total);
        long tail = lane.tail(instant, feature.length());
        long stable = lane.slice(total.stableUntil());
        if (stable > tail) {
            // Nothing changes before the slice of that event leaves: the slices until then need not be looked at.
            if (lane.exit(stable, feature.length()) >= limit) {
                return limit;
            }
            tail = stable;
            rest = aggregate(feature, stable + feature.length());
        }
        for (long exit = nextExit(feature, tail, instant); exit < limit; exit = nextExit(feature, tail, instant)) {
            long newTail = lane.tail(exit, feature.length());
            if (!exit(feature, rest, tail, newTail)) {
                rest = aggregate(feature, exit);
            }
            if (!ValueEquality.same(feature.value(rest), current)) {
                return exit;
            }
            tail = newTail;
        }
        return limit;
    }

    private long nextChangeByValue(FeaturePlan feature, Accumulator total, long instant, long limit) {
        LanePlan lane = plan.lanes().get(feature.lane());
        Object current = feature.value(total);
        long next = instant;
        while (true) {
            long tail = lane.tail(next, feature.length());
            next = lane.tumbling()
                    ? nextPeriod(feature, next)
                    : Math.min(nextEntry(lane.offset(), next), nextExit(feature, tail, next));
            if (next >= limit) {
                return limit;
            }
            if (!ValueEquality.same(feature.value(aggregate(feature, next)), current)) {
                return next;
            }
        }
    }
}
