package dev.tidemark.engine;

import dev.tidemark.engine.ViewPlan.InputId;
import dev.tidemark.engine.ViewPlan.TotalId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of one plan are in an earlier one of the same view, so that states of that can be read by this. Parts are found
 * again by what they are of, wherever they stand: inputs, what travels with events, lanes and their cells, totals. Immutable.
 */
final class Migration {
    private final ViewPlan from;
    private final ViewPlan to;
    private final int[] inputs;
    private final int[] travelling;
    private final int[] lanes;
    private final List<int[]> cells = new ArrayList<>();
    private final List<@Nullable Place[]> totals = new ArrayList<>();

    /** Compares the plans of two definitions, of which one may follow the other. */
    Migration(ViewPlan from, ViewPlan to) {
        this.from = from;
        this.to = to;
        List<InputId> before = from.inputs().stream().map(InputId::of).toList();
        this.inputs = to.inputs().stream()
                .mapToInt(input -> before.indexOf(InputId.of(input)))
                .toArray();
        this.travelling = to.looksBack()
                ? to.travellingColumns().stream()
                        .mapToInt(from.travellingColumns()::indexOf)
                        .toArray()
                : inputs;
        this.lanes = to.lanes().stream().mapToInt(from.lanes()::indexOf).toArray();
        for (int i = 0; i < lanes.length; i++) {
            cells.add(
                    lanes[i] < 0
                            ? new int[0]
                            : cells(from.lanes().get(lanes[i]), to.lanes().get(i)));
        }
        for (WindowPlan window : to.windows()) {
            totals.add(places(window));
        }
    }

    private int[] cells(LanePlan before, LanePlan now) {
        int[] result = new int[now.cells()];
        for (int cell = 0; cell < result.length; cell++) {
            int input = inputs[now.cellInput(cell)];
            AccumulatorType type = now.cellType(cell);
            result[cell] = indexOf(
                    before.cells(),
                    old -> before.cellInput(old) == input
                            && before.cellType(old).equals(type));
        }
        return result;
    }

    private @Nullable Place[] places(WindowPlan window) {
        @Nullable Place[] places = new @Nullable Place[window.totals().size()];
        for (int total = 0; total < places.length; total++) {
            places[total] = place(to.total(window, total));
        }
        return places;
    }

    private @Nullable Place place(TotalId wanted) {
        for (int i = 0; i < from.windows().size(); i++) {
            WindowPlan window = from.windows().get(i);
            int total = indexOf(
                    window.totals().size(), old -> from.total(window, old).equals(wanted));
            if (total >= 0) {
                return new Place(i, total);
            }
        }
        return null;
    }

    private static int indexOf(int size, Predicate<Integer> wanted) {
        for (int i = 0; i < size; i++) {
            if (wanted.test(i)) {
                return i;
            }
        }
        return -1;
    }

    /** The plan by which states were written. */
    ViewPlan from() {
        return from;
    }

    /** The plan by which they are to be read. */
    ViewPlan to() {
        return to;
    }

    /** Which of the earlier lanes a lane was; -1 for none. */
    int lane(int lane) {
        return lanes[lane];
    }

    /** Which of the earlier lane's cells each cell of a lane was; -1 for none. */
    int[] cells(int lane) {
        return cells.get(lane);
    }

    /** Where a total of a window was; null if nowhere. */
    @Nullable
    Place total(int window, int total) {
        return totals.get(window)[total];
    }

    /** Takes over what a lifetime held. */
    void lifetime(int window, List<WindowTotal> before, WindowTotal now) {
        for (int total = 0; total < now.totals.length; total++) {
            Place place = total(window, total);
            if (place != null) {
                // There is one lifetime in a plan, at most.
                now.totals[total] = before.get(0).totals[place.total()];
            }
        }
    }

    /** An event with its inputs, null for those it did not have. */
    InputEvent inputs(InputEvent event) {
        return chosen(event, inputs);
    }

    /** An event as it travels, null for what did not travel with it. */
    InputEvent travelling(InputEvent event) {
        return chosen(event, travelling);
    }

    private static InputEvent chosen(InputEvent event, int[] places) {
        @Nullable
        Object[] values = Arrays.stream(places)
                .mapToObj(place -> place < 0 ? null : event.inputs()[place])
                .toArray();
        return new InputEvent(event.time(), event.partition(), event.offset(), values);
    }

    /** One total among all windows of a plan. */
    record Place(int window, int total) {}
}
