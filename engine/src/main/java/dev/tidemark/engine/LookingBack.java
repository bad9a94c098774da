package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one entity's inputs where columns look back: the source columns of the events that are not folded yet, and the memory before
 * the first and after the last of them. An event that comes in between gives those behind it other inputs.
 */
final class LookingBack {
    private final ViewPlan plan;
    private final EventBuffer events;
    private final ColumnMemory folded;
    private ColumnMemory newest;
    private int notFinite; // Since that was last asked.

    LookingBack(ViewPlan plan) {
        this.plan = plan;
        this.events = new EventBuffer(plan.travellingTypes());
        this.folded = ColumnMemory.empty(plan.view().columns());
        this.newest = ColumnMemory.empty(plan.view().columns());
    }

    /**
     * Takes an event with the source columns that travel with it.
     *
     * @return the event with its inputs; null if it came in between, so that all inputs have to be made {@link #anew}
     */
    @Nullable
    InputEvent append(InputEvent event) {
        InputEvent last = events.last();
        events.add(event);
        return last == null || event.compareTo(last) > 0 ? withInputs(plan, event, newest) : null;
    }

    /** Goes on from what columns remember at some event. */
    void rewind(ColumnMemory memory) {
        folded.set(memory);
        newest = memory.copy();
    }

    /** The events that are not folded yet, as they travel, in order. */
    EventBuffer events() {
        return events;
    }

    /** All events that are not folded yet, in order, with their inputs. */
    List<InputEvent> anew() {
        newest = folded.copy();
        List<InputEvent> result = new ArrayList<>();
        for (InputEvent event : events.all()) {
            result.add(withInputs(plan, event, newest));
        }
        return result;
    }

    /** Forgets the events before an instant, once their inputs are in slices. */
    void fold(long instant) {
        int end = events.indexOf(instant);
        for (int i = 0; i < end; i++) {
            notFinite += evaluate(plan, events.get(i), folded).notFinite();
        }
        events.dropBefore(instant);
    }

    /** How many values were NaN or infinite, and were taken as null, in the events that were folded since this was last asked. */
    int takeNotFinite() {
        int result = notFinite;
        notFinite = 0;
        return result;
    }

    /** Takes over what is remembered and waits by another plan. */
    void takeOver(LookingBack other, Migration migration) {
        folded.set(other.folded);
        newest.set(other.newest);
        other.events.all().forEach(event -> events.add(migration.travelling(event)));
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        return events.weight() + folded.weight() + newest.weight();
    }

    void write(DataOutput out) throws IOException {
        folded.write(out);
        newest.write(out);
        events.write(out);
    }

    void read(DataInput in) throws IOException {
        folded.read(in);
        newest.read(in);
        events.read(in);
    }

    /** An event with its inputs; the memory then knows the event. */
    static InputEvent withInputs(ViewPlan plan, InputEvent event, ColumnMemory memory) {
        return new InputEvent(
                event.time(),
                event.partition(),
                event.offset(),
                evaluate(plan, event, memory).values());
    }

    private static InputProgram.Inputs evaluate(ViewPlan plan, InputEvent event, ColumnMemory memory) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        List<String> names = plan.travellingColumns();
        for (int i = 0; i < names.size(); i++) {
            columns.put(names.get(i), event.inputs()[i]);
        }
        return plan.program().evaluate(columns, memory);
    }
}
