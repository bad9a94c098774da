package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settled events of the last while, one by one, and what there was before them: enough to go back to any instant in that
 * while and to settle it again with an event that came too late for the first time.
 *
 * <p>Before the oldest event that is kept there are a total of each lifetime, the memory of columns that look back, and of each
 * lane the beginning of the slice in which the kept events begin.
 */
final class Past {
    /** A busier entity remembers a shorter while, so that its state stays bounded. */
    static final int MOST_EVENTS = 10_000;

    private final ViewPlan plan;
    private final Sequence<InputEvent> events;
    private final List<WindowTotal> lifetimes = new ArrayList<>();
    private final ColumnMemory memory;
    private final @Nullable Slice[] begun;
    private long kept;
    private long lastEventTime = Cursor.FAR_PAST; // Of the events that are not kept any more.

    Past(ViewPlan plan) {
        this.plan = plan;
        this.events = new Sequence<>(new EventForm(plan.travellingTypes()));
        this.memory = ColumnMemory.empty(plan.view().columns());
        this.begun = new @Nullable Slice[plan.lanes().size()];
        for (WindowPlan window : plan.windows()) {
            if (window.lifetime()) {
                lifetimes.add(new WindowTotal(window, new Sequence.Place()));
            }
        }
    }

    /** Takes over what the past by another plan holds. */
    void takeOver(Past other, Migration migration) {
        kept = other.kept;
        lastEventTime = other.lastEventTime;
        memory.set(other.memory);
        other.kept().forEach(event -> events.add(migration.travelling(event)));
        int lifetime = 0;
        for (int i = 0; i < plan.windows().size(); i++) {
            if (plan.windows().get(i).lifetime()) {
                migration.lifetime(i, other.lifetimes, lifetimes.get(lifetime++));
            }
        }
        for (int i = 0; i < begun.length; i++) {
            int lane = migration.lane(i);
            Slice slice = lane < 0 ? null : other.begun[lane];
            begun[i] = slice == null ? null : slice.part(migration.cells(i));
        }
    }

    /** Takes the next settled event, as it travels. */
    void add(InputEvent event) {
        events.add(event);
        kept++;
    }

    /** Lets go of the events before an instant, and of the oldest if there are too many, a chunk at a time: some may stay for a while. */
    void forget(long before) {
        while (!events.isEmpty()
                && (kept > MOST_EVENTS || events.chunks().get(0).last() < before)) {
            List<InputEvent> leaving = events.removeOldest();
            leaving.forEach(this::leave);
            kept -= leaving.size();
        }
    }

    private void leave(InputEvent event) {
        lastEventTime = event.time();
        InputEvent input = plan.looksBack() ? LookingBack.withInputs(plan, event, memory) : event;
        for (WindowTotal lifetime : lifetimes) {
            lifetime.add(input);
        }
        for (int i = 0; i < begun.length; i++) {
            LanePlan lane = plan.lanes().get(i);
            if (lane.takes(input)) {
                begin(i, lane.slice(input.time())).add(lane, input);
            }
        }
    }

    private Slice begin(int lane, long sliceStart) {
        Slice slice = begun[lane];
        if (slice == null || slice.start() != sliceStart) {
            slice = new Slice(sliceStart, plan.lanes().get(lane).cells());
            begun[lane] = slice;
        }
        return slice;
    }

    /** Whether all events that there ever were are kept. */
    boolean isComplete() {
        return lastEventTime == Cursor.FAR_PAST;
    }

    /** Whether all events from an instant on are kept. */
    boolean reaches(long instant) {
        return instant > lastEventTime;
    }

    /** The event time of the newest event that is not kept any more. */
    long lastEventTime() {
        return lastEventTime;
    }

    /** The totals of the lifetimes before the kept events, in the order of the plan's windows. */
    List<WindowTotal> lifetimes() {
        return lifetimes;
    }

    /** What columns remember before the kept events. */
    ColumnMemory memory() {
        return memory;
    }

    /** What a lane's slice holds of events that are not kept; null if that is another slice than this or there are none. */
    @Nullable
    Slice begun(int lane, long sliceStart) {
        Slice slice = begun[lane];
        return slice == null || slice.start() != sliceStart ? null : slice;
    }

    /** All events that are kept. */
    List<InputEvent> kept() {
        List<InputEvent> all = new ArrayList<>();
        events.chunks().forEach(chunk -> all.addAll(events.items(chunk)));
        events.packUpAll();
        return all;
    }

    /** Takes out the events from an instant on, which are settled no more, and returns them. */
    List<InputEvent> cut(long instant) {
        List<InputEvent> cut = events.cut(instant);
        kept -= cut.size();
        return cut;
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = Weight.SMALL + events.weight(Weight::of) + memory.weight();
        for (WindowTotal lifetime : lifetimes) {
            weight += lifetime.weight();
        }
        for (Slice slice : begun) {
            weight += slice == null ? 0 : slice.weight();
        }
        return weight;
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(kept, out);
        ValueCodec.writeVarLong(lastEventTime, out);
        for (WindowTotal lifetime : lifetimes) {
            lifetime.write(out);
        }
        memory.write(out);
        for (Slice slice : begun) {
            out.writeBoolean(slice != null);
            if (slice != null) {
                ValueCodec.writeVarLong(slice.start(), out);
                slice.write(out);
            }
        }
        events.write(out);
    }

    void read(ArrayInput in) throws IOException {
        kept = ValueCodec.readVarLong(in);
        lastEventTime = ValueCodec.readVarLong(in);
        for (WindowTotal lifetime : lifetimes) {
            lifetime.read(in);
        }
        memory.read(in);
        for (int i = 0; i < begun.length; i++) {
            if (in.readBoolean()) {
                LanePlan lane = plan.lanes().get(i);
                Slice slice = new Slice(ValueCodec.readVarLong(in), lane.cells());
                slice.read(lane, in);
                begun[i] = slice;
            }
        }
        events.read(in);
    }

    private record EventForm(List<DataType> types) implements Sequence.Form<InputEvent> {
        @Override
        public long time(InputEvent event) {
            return event.time();
        }

        @Override
        public long unit() {
            return 1;
        }

        @Override
        public void write(InputEvent event, DataOutput out) throws IOException {
            ValueCodec.writeVarLong(event.partition(), out);
            ValueCodec.writeVarLong(event.offset(), out);
            ValueCodec.writeAll(types, event.inputs(), out);
        }

        @Override
        public InputEvent read(long time, DataInput in) throws IOException {
            int partition = Math.toIntExact(ValueCodec.readVarLong(in));
            long offset = ValueCodec.readVarLong(in);
            return new InputEvent(time, partition, offset, ValueCodec.readAll(types, in));
        }
    }
}
