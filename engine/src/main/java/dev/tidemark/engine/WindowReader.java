package dev.tidemark.engine;

import dev.tidemark.engine.WindowPlan.TotalPlan;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One entity's events, and the window algebra over them.
 *
 * <p>A lane of offset {@code d} (which is 0 for tumbling windows) holds, in slices, the events before {@code folded - d}; the buffer holds the later ones. So the
 * events of a window at any instant from {@code folded} on are those slices that start at its tail or later, and the buffered
 * events from there up to its head. A window's tail lies on the grid of its slices: a slice leaves as a whole.
 */
final class WindowReader {
    private static final BitSet NONE = new BitSet();

    private final ViewPlan plan;
    private final List<Lane> lanes = new ArrayList<>();
    private final EventBuffer buffer;
    private long folded = Cursor.FAR_PAST;

    WindowReader(ViewPlan plan) {
        this.plan = plan;
        this.buffer = new EventBuffer(plan.inputTypes());
        plan.lanes().forEach(lane -> lanes.add(new Lane(lane)));
    }

    /** A cursor before all events, which keeps the slices that it reads next from being packed up. */
    Cursor cursor() {
        List<WindowPlan> windows = plan.windows();
        WindowTotal[] totals = new WindowTotal[windows.size()];
        for (int i = 0; i < totals.length; i++) {
            WindowPlan window = windows.get(i);
            Sequence.Place place = window.lifetime()
                    ? new Sequence.Place()
                    : lanes.get(window.laneIndex()).slices().reader();
            totals[i] = new WindowTotal(window, place);
        }
        return new Cursor(totals, plan.view().features().size());
    }

    /** Takes an event at {@code folded} or later. */
    void buffer(InputEvent event) {
        buffer.add(event);
    }

    /** Whether an event comes after all that are buffered. */
    boolean isNewest(InputEvent event) {
        InputEvent last = buffer.last();
        return last == null || event.compareTo(last) > 0;
    }

    /** Takes other events in the place of all at {@code folded} or later. Cursors that have passed them are then wrong. */
    void rebuffer(List<InputEvent> events) {
        buffer.replaceFrom(folded, events);
    }

    /** Moves a cursor, whose instant is {@code folded} or later, forward to {@code instant}. */
    void move(Cursor cursor, long instant) {
        long from = cursor.instant;
        int first = buffer.indexOf(from);
        int end = buffer.indexOf(instant);
        for (WindowTotal window : cursor.windows) {
            if (window.plan.lifetime()) {
                enter(window, first, end);
            } else if (window.plan.lane().tumbling()) {
                moveTumbling(window, instant);
            } else {
                moveSliding(window, from, instant, first, end);
            }
        }
        if (end > first) {
            cursor.lastEventTime =
                    Math.max(cursor.lastEventTime, buffer.get(end - 1).time());
        }
        cursor.instant = instant;
    }

    /** Lets a cursor pass a time in which no event enters and no slice leaves. */
    void skip(Cursor cursor, long instant) {
        cursor.instant = instant;
        for (WindowTotal window : cursor.windows) {
            window.tail = window.plan.tail(instant);
        }
    }

    private void moveTumbling(WindowTotal window, long instant) {
        long tail = window.plan.tail(instant);
        if (tail != window.tail) {
            window.tail = tail;
            aggregate(window, instant);
        }
    }

    private void moveSliding(WindowTotal window, long from, long to, int first, int end) {
        long offset = window.plan.lane().offset();
        long newTail = window.plan.tail(to);
        if (newTail > from - offset) {
            window.tail = newTail;
            window.moved();
            aggregate(window, to);
            return;
        }
        BitSet unknown = newTail == window.tail ? NONE : exit(window, newTail, to);
        window.tail = newTail;
        if (offset == 0) {
            enter(window, first, end);
        } else {
            enter(window, buffer.indexOf(from - offset), buffer.indexOf(to - offset));
        }
        for (int total = unknown.nextSetBit(0); total >= 0; total = unknown.nextSetBit(total + 1)) {
            aggregateOne(window, total, to);
        }
    }

    private void enter(WindowTotal window, int first, int end) {
        for (int i = first; i < end; i++) {
            window.add(buffer.get(i));
        }
    }

    /** Takes what lies before a new tail out of the totals; those totals are returned that must be made anew. */
    private BitSet exit(WindowTotal window, long newTail, long instant) {
        Sequence<Slice> slices = lanes.get(window.plan.laneIndex()).slices();
        BitSet unknown = NONE;
        Slice slice = window.exit(slices) > instant ? null : slices.at(window.place);
        while (slice != null && slice.start() < newTail) {
            unknown = remove(window, slice, unknown);
            window.moved();
            slices.next(window.place);
            slice = slices.at(window.place);
        }
        long buffered = Math.max(window.tail, folded - window.plan.lane().offset());
        if (newTail > buffered) {
            int first = buffer.indexOf(buffered);
            int end = buffer.indexOf(newTail);
            if (end > first) {
                unknown = remove(window, sliceOf(window.plan.lane(), first, end), unknown);
            }
        }
        return unknown;
    }

    /** Takes a slice out of all totals and returns, with those known before, the totals that cannot tell what stays. */
    private static BitSet remove(WindowTotal window, Slice slice, BitSet before) {
        BitSet unknown = before;
        List<TotalPlan> totals = window.plan.totals();
        for (int i = 0; i < window.totals.length; i++) {
            Accumulator leaving = slice.cell(totals.get(i).cell());
            if (leaving == null) {
                continue;
            }
            window.changed();
            if (!window.totals[i].remove(leaving)) {
                unknown = unknown == NONE ? new BitSet() : unknown;
                unknown.set(i);
            }
        }
        return unknown;
    }

    /** Some buffered events as one slice. */
    Slice sliceOf(LanePlan lane, int first, int end) {
        Slice slice = new Slice(lane.slice(buffer.get(first).time()), lane.cells());
        for (int i = first; i < end; i++) {
            slice.add(lane, buffer.get(i));
        }
        return slice;
    }

    /** Makes all totals of a window anew from its slices and events. */
    void aggregate(WindowTotal window, long instant) {
        window.clear();
        Lane lane = lanes.get(window.plan.laneIndex());
        long head = window.plan.head(instant);
        List<TotalPlan> totals = window.plan.totals();
        for (int i = 0; i < totals.size(); i++) {
            lane.mergeInto(window.totals[i], totals.get(i).cell(), window.tail, head);
        }
        long offset = window.plan.lane().offset();
        enter(window, buffer.indexOf(Math.max(window.tail, folded - offset)), buffer.indexOf(head));
    }

    /** Folds the events before {@code instant} into slices and forgets what no window reaches from there. */
    void fold(long instant) {
        for (int i = 0; i < lanes.size(); i++) {
            LanePlan lane = plan.lanes().get(i);
            int end = buffer.indexOf(instant - lane.offset());
            for (int event = buffer.indexOf(folded - lane.offset()); event < end; event++) {
                lanes.get(i).add(buffer.get(event));
            }
            lanes.get(i).slices().dropBefore(lane.tail(instant - plan.remembered(), lane.maxLength()));
        }
        folded = instant;
        buffer.dropBefore(instant - plan.maxOffset());
    }

    /** The slices of a window's lane. */
    Sequence<Slice> slices(WindowTotal window) {
        return lanes.get(window.plan.laneIndex()).slices();
    }

    /** The index of the first buffered event that is in a window, or comes to be, and in none of its slices. */
    int firstBuffered(WindowTotal window) {
        return buffer.indexOf(Math.max(window.tail, folded - window.plan.lane().offset()));
    }

    /** The index of the first buffered event that is in no slice of a lane without offset. */
    int unfolded() {
        return buffer.indexOf(folded);
    }

    /** The events that are not wholly in slices. */
    EventBuffer buffer() {
        return buffer;
    }

    /**
     * Becomes what another reader was at an instant before its {@code folded}, and sets a cursor there.
     *
     * @param past that reaches back to the instant
     * @param memory of columns before the events that the past has kept; it then knows those before the instant
     */
    void rewind(WindowReader other, long instant, Past past, ColumnMemory memory, Cursor cursor) {
        for (int i = 0; i < lanes.size(); i++) {
            LanePlan lane = plan.lanes().get(i);
            long open = lane.slice(instant - lane.offset());
            Slice begun = past.begun(i, open);
            if (!past.isComplete()) {
                lanes.get(i).copyBefore(other.lanes.get(i), open);
            }
            if (begun != null) {
                lanes.get(i).begin(begun);
            }
        }
        int lifetime = 0;
        for (WindowTotal window : cursor.windows) {
            if (window.plan.lifetime()) {
                window.set(past.lifetimes().get(lifetime++));
            }
        }
        cursor.lastEventTime = past.lastEventTime();
        for (InputEvent event : past.kept()) {
            InputEvent input = plan.looksBack() ? LookingBack.withInputs(plan, event, memory) : event;
            restore(input, instant, past.isComplete(), cursor);
        }
        folded = instant;
        cursor.instant = instant;
        for (WindowTotal window : cursor.windows) {
            if (!window.plan.lifetime()) {
                window.tail = window.plan.tail(instant);
                aggregate(window, instant);
            }
        }
    }

    private void restore(InputEvent event, long instant, boolean all, Cursor cursor) {
        cursor.lastEventTime = event.time();
        for (WindowTotal window : cursor.windows) {
            if (window.plan.lifetime()) {
                window.add(event);
            }
        }
        for (int i = 0; i < lanes.size(); i++) {
            LanePlan lane = plan.lanes().get(i);
            long end = instant - lane.offset();
            if (event.time() < end && (all || event.time() >= lane.slice(end))) {
                lanes.get(i).add(event);
            }
        }
        if (event.time() >= instant - plan.maxOffset()) {
            buffer.add(event);
        }
    }

    /** The next instant after a cursor's at which an event enters a window, a slice leaves one or a feature has come to know all events. */
    long nextCandidate(Cursor cursor) {
        long next = nextEntry(0, cursor.instant);
        boolean known = cursor.lastEventTime != Cursor.FAR_PAST;
        for (WindowTotal window : cursor.windows) {
            next = Math.min(next, nextCandidate(window, cursor.instant));
            next = known ? Math.min(next, window.plan.nextCovered(cursor.instant)) : next;
        }
        return next;
    }

    /** The same of one window. */
    long nextCandidate(WindowTotal window, long instant) {
        if (window.plan.lifetime()) {
            return FeatureRow.NEVER;
        } else if (window.plan.lane().tumbling()) {
            return nextPeriod(window, instant);
        }
        long exit = nextExit(window, instant);
        long offset = window.plan.lane().offset();
        return offset == 0 ? exit : Math.min(exit, nextEntry(offset, instant));
    }

    private long nextEntry(long offset, long instant) {
        int index = buffer.indexOf(instant - offset);
        return index == buffer.size() ? FeatureRow.NEVER : buffer.get(index).time() + offset + 1;
    }

    /** When the oldest slice leaves of those that are inside at {@code instant}. */
    long nextExit(WindowTotal window, long instant) {
        long exit = window.exit(lanes.get(window.plan.laneIndex()).slices());
        LanePlan lane = window.plan.lane();
        if (exit != FeatureRow.NEVER || buffer.size() == 0) {
            return exit;
        }
        int index = buffer.indexOf(Math.max(window.tail, folded - lane.offset()));
        int end = buffer.indexOf(instant - lane.offset());
        while (index < end && !lane.takes(buffer.get(index))) {
            index++;
        }
        return index < end ? window.plan.exit(lane.slice(buffer.get(index).time())) : FeatureRow.NEVER;
    }

    /** The next instant after {@code instant} at which a tumbling window has other events, of those that are known. */
    private long nextPeriod(WindowTotal window, long instant) {
        LanePlan lane = window.plan.lane();
        Slice slice = lanes.get(window.plan.laneIndex()).slices().first(window.place, window.tail);
        long start = slice == null ? FeatureRow.NEVER : slice.start();
        int index = buffer.indexOf(Math.max(window.tail, folded));
        while (index < buffer.size() && !lane.takes(buffer.get(index))) {
            index++;
        }
        if (index < buffer.size()) {
            start = Math.min(start, lane.slice(buffer.get(index).time()));
        }
        if (start == FeatureRow.NEVER) {
            return FeatureRow.NEVER;
        }
        // Either the events that are in go with the running period's end, or those of a later period come in with its
        // end.
        return lane.sliceEnd(Math.max(start, lane.head(instant)));
    }

    /** Makes one total anew from what is between the window's tail and its head at an instant. */
    void aggregateOne(WindowTotal window, int index, long instant) {
        TotalPlan total = window.plan.totals().get(index);
        Accumulator anew = total.type().create();
        long head = window.plan.head(instant);
        lanes.get(window.plan.laneIndex()).mergeInto(anew, total.cell(), window.tail, head);
        int end = buffer.indexOf(head);
        for (int i = buffer.indexOf(
                        Math.max(window.tail, folded - window.plan.lane().offset()));
                i < end;
                i++) {
            Object value = buffer.get(i).inputs()[total.input()];
            if (value != null) {
                anew.add(value, buffer.get(i));
            }
        }
        window.totals[index] = anew;
    }

    /** A cursor at an instant from {@code folded} on, but without the totals of lifetimes. */
    Cursor probeAt(long instant) {
        List<WindowPlan> windows = plan.windows();
        WindowTotal[] totals = new WindowTotal[windows.size()];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = new WindowTotal(windows.get(i), new Sequence.Place());
            totals[i].tail = windows.get(i).tail(instant);
            if (!windows.get(i).lifetime()) {
                aggregate(totals[i], instant);
            }
        }
        Cursor cursor = new Cursor(totals, plan.view().features().size());
        cursor.instant = instant;
        return cursor;
    }

    /** About how many bytes everything takes in memory. */
    long weight() {
        long weight = Weight.SMALL + buffer.weight();
        for (Lane lane : lanes) {
            weight += Weight.SMALL + lane.slices().weight(Slice::weight);
        }
        return weight;
    }

    /** Takes over what another reader holds, as far as its plan kept it. */
    void takeOver(WindowReader other, Migration migration) {
        folded = other.folded;
        for (int i = 0; i < lanes.size(); i++) {
            int lane = migration.lane(i);
            if (lane >= 0) {
                lanes.get(i).takeOver(other.lanes.get(lane), migration.cells(i));
            }
        }
        other.buffer.all().forEach(event -> buffer.add(migration.inputs(event)));
    }

    void write(DataOutput out) throws IOException {
        for (Lane lane : lanes) {
            lane.write(out);
        }
        buffer.write(out);
    }

    void read(long foldedUpTo, ArrayInput in) throws IOException {
        folded = foldedUpTo;
        for (Lane lane : lanes) {
            lane.read(in);
        }
        buffer.read(in);
    }
}
