package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine derives once from a feature view: which inputs its events have, and which lane of slices each feature
 * reads. Immutable; safe for use by many threads.
 */
public final class ViewPlan {
    /** A partition that was idle comes back with events that are seconds or minutes old, if its producer's clock is right. */
    public static final Duration CORRECTIONS = Duration.ofHours(1);

    private final FeatureView view;
    private final List<Input> inputs = new ArrayList<>();
    private final List<LanePlan> lanes = new ArrayList<>();
    private final List<WindowPlan> windows = new ArrayList<>();
    private final long maxOffset;
    private final int fingerprint;
    private final long corrections;
    private final long every;
    private final List<DataType> inputTypes;
    private final List<String> travellingColumns;
    private final List<DataType> travellingTypes;
    private final InputProgram program;

    private ViewPlan(FeatureView view, Duration corrections) {
        this.view = view;
        this.corrections = corrections.toMillis();
        this.every = view.history().every() == null ? 0 : view.history().every().toMillis();
        for (int i = 0; i < view.features().size(); i++) {
            add(i, view.features().get(i));
        }
        this.maxOffset = lanes.stream().mapToLong(LanePlan::offset).max().orElse(0);
        this.inputTypes = inputs.stream().map(Input::type).toList();
        this.travellingColumns = looksBack()
                ? List.copyOf(view.source().schema().keySet().stream()
                        .filter(this::isUsed)
                        .toList())
                : List.of();
        this.travellingTypes =
                looksBack() ? travellingColumns.stream().map(this::columnType).toList() : inputTypes;
        this.program = new InputProgram(view.columns(), inputs());
        this.fingerprint = (inputs.toString() + lanes + windows + travellingColumns + view.columns()).hashCode();
    }

    /** Plans a view of which settled rows may be corrected for an hour of event time. */
    public static ViewPlan of(FeatureView view) {
        return of(view, CORRECTIONS);
    }

    /**
     * Plans a view.
     *
     * @param corrections how far behind an entity's last settled row an event may be and still be taken in
     */
    public static ViewPlan of(FeatureView view, Duration corrections) {
        return new ViewPlan(view, corrections);
    }

    public FeatureView view() {
        return view;
    }

    /** What an event gives to the view's aggregates: one value per input, in this order. */
    public List<Input> inputs() {
        return List.copyOf(inputs);
    }

    /** What travels with one event, {@link EventProjector.Projection#inputs}, as bytes. */
    public byte[] encodeInputs(@Nullable Object[] values) {
        ArrayOutput out = new ArrayOutput(32);
        try {
            ValueCodec.writeAll(travellingTypes, values, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Reads what {@link #encodeInputs} wrote. */
    public @Nullable Object[] decodeInputs(byte[] bytes) {
        try {
            return ValueCodec.readAll(travellingTypes, new ArrayInput(bytes, 0, bytes.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether some total must be given the events in their order. */
    boolean needsOrder() {
        return windows.stream().anyMatch(WindowPlan::needsOrder);
    }

    /** Whether any column looks back on the entity's events before. */
    boolean looksBack() {
        return !ColumnMemory.lookingBack(view.columns()).isEmpty();
    }

    /** The source's columns that travel with an event where columns look back, in order. */
    List<String> travellingColumns() {
        return travellingColumns;
    }

    /** The types of what travels with an event. */
    List<DataType> travellingTypes() {
        return travellingTypes;
    }

    /** The types of the inputs. */
    List<DataType> inputTypes() {
        return inputTypes;
    }

    InputProgram program() {
        return program;
    }

    List<WindowPlan> windows() {
        return windows;
    }

    List<LanePlan> lanes() {
        return lanes;
    }

    /** The largest offset of any window, milliseconds. */
    long maxOffset() {
        return maxOffset;
    }

    /** How far back settled events are remembered one by one, milliseconds. */
    long remembered() {
        return corrections + every + maxOffset;
    }

    /** Whether an entity whose events have all left its windows is as one that was never seen. */
    boolean forgets() {
        return !looksBack() && windows.stream().noneMatch(WindowPlan::lifetime);
    }

    /**
     * Whether an event is so old that what its entity was then may have been forgotten.
     *
     * @param time of the event, epoch milliseconds
     * @param settled up to which instant rows are settled
     */
    public boolean mayBeForgotten(long time, long settled) {
        return forgets() && time + remembered() < settled;
    }

    /** Of the rows in an interval of this length only the last is history, milliseconds; 0 for all rows. */
    long every() {
        return every;
    }

    /** A number that differs, as good as surely, if state of one plan cannot be read by the other. */
    int fingerprint() {
        return fingerprint;
    }

    private void add(int index, Feature feature) {
        DataType type = feature.column() == null ? DataType.BOOLEAN : columnType(feature.column());
        int input = indexOf(inputs, new Input(feature.column(), feature.where(), type));
        long length = length(feature.window());
        AccumulatorType accumulator = feature.window() instanceof Window.Tumbling tumbling
                ? new AccumulatorType(feature.aggregate(), type, length, grid(tumbling))
                : new AccumulatorType(feature.aggregate(), type, length);
        window(feature.window()).add(index, input, accumulator, feature.defaultValue());
    }

    private WindowPlan window(Window window) {
        int laneIndex = window instanceof Window.Lifetime ? -1 : indexOf(lanes, lane(window));
        LanePlan lane = laneIndex < 0 ? null : lanes.get(laneIndex);
        long length = window instanceof Window.Sliding ? length(window) : 0;
        if (lane != null) {
            lane.cover(length);
        }
        for (WindowPlan known : windows) {
            if (known.isOf(lane, length)) {
                return known;
            }
        }
        WindowPlan added = new WindowPlan(lane, laneIndex, length);
        windows.add(added);
        return added;
    }

    private static long length(Window window) {
        if (window instanceof Window.Sliding sliding) {
            return sliding.lengthMillis();
        }
        return window instanceof Window.Tumbling tumbling ? tumbling.length().toMillis() : 0;
    }

    private static LanePlan lane(Window window) {
        if (window instanceof Window.Sliding sliding) {
            return new LanePlan(new Grid.Fixed(sliding.stepMillis()), sliding.offsetMillis(), false);
        }
        return new LanePlan(grid((Window.Tumbling) window), 0, true);
    }

    private static Grid grid(Window.Tumbling window) {
        return window.unit() == null || window.zone() == null
                ? new Grid.Fixed(window.length().toMillis())
                : new Grid.Civil(window.unit(), window.zone());
    }

    /** Whether a column of the source goes into any column or input of the view. */
    private boolean isUsed(String name) {
        return view.columns().stream().anyMatch(column -> uses(column, name))
                || inputs.stream()
                        .anyMatch(input -> name.equals(input.column())
                                || input.where() != null
                                        && input.where().variables().containsKey(name));
    }

    private static boolean uses(Column column, String name) {
        if (column instanceof Column.Computed computed) {
            return computed.expression().variables().containsKey(name);
        } else if (column instanceof Column.Lag lag) {
            return lag.column().equals(name);
        } else if (column instanceof Column.Delta delta) {
            return delta.column().equals(name);
        }
        return ((Column.Ema) column).column().equals(name);
    }

    private DataType columnType(String name) {
        for (Column column : view.columns()) {
            if (column.name().equals(name)) {
                return column.type();
            }
        }
        DataType type = view.source().schema().get(name);
        if (type == null) {
            throw new IllegalArgumentException("View " + view.id() + " has no column " + name + ".");
        }
        return type;
    }

    private static <T> int indexOf(List<T> list, T element) {
        int index = list.indexOf(element);
        if (index < 0) {
            list.add(element);
            return list.size() - 1;
        }
        return index;
    }

    /**
     * What is aggregated: a column of the events that a condition lets through.
     *
     * @param column the column; null for the events themselves
     * @param where the condition; null for all events
     * @param type of the values; boolean (and always true) for the events themselves
     */
    public record Input(@Nullable String column, @Nullable Expression where, DataType type) {}
}
