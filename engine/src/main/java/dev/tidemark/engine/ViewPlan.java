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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final boolean looksBack;
    private final boolean needsOrder;
    private final boolean forgets;
    private final long maxOffset;
    private final int fingerprint;
    private final long corrections;
    private final long correctedFrom;
    private final long every;
    private final List<DataType> inputTypes;
    private final List<String> travellingColumns;
    private final List<DataType> travellingTypes;
    private final InputProgram program;

    private ViewPlan(FeatureView view, Duration corrections, Map<TotalId, Long> knownFrom, long correctedFrom) {
        this.view = view;
        this.corrections = corrections.toMillis();
        this.correctedFrom = correctedFrom;
        this.every = view.history().every() == null ? 0 : view.history().every().toMillis();
        for (int i = 0; i < view.features().size(); i++) {
            add(i, view.features().get(i));
        }
        this.looksBack = !ColumnMemory.lookingBack(view.columns()).isEmpty();
        this.needsOrder = windows.stream().anyMatch(WindowPlan::needsOrder);
        this.forgets = !looksBack && windows.stream().noneMatch(WindowPlan::lifetime);
        this.maxOffset = lanes.stream().mapToLong(LanePlan::offset).max().orElse(0);
        this.inputTypes = inputs.stream().map(Input::type).toList();
        this.travellingColumns = looksBack
                ? List.copyOf(view.source().schema().keySet().stream()
                        .filter(this::isUsed)
                        .toList())
                : List.of();
        this.travellingTypes =
                looksBack ? travellingColumns.stream().map(this::columnType).toList() : inputTypes;
        this.program = new InputProgram(view.columns(), inputs());
        for (WindowPlan window : windows) {
            for (int i = 0; i < window.totals().size(); i++) {
                Long time = knownFrom.get(total(window, i));
                if (time != null) {
                    window.lacksBefore(i, time);
                }
            }
        }
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
        return new ViewPlan(view, corrections, Map.of(), Cursor.FAR_PAST);
    }

    /**
     * This plan, as it goes on from another.
     *
     * @param knownFrom of totals that lack the events before a time, that time
     * @param correctedFrom the least event time of which settled rows can be corrected
     */
    ViewPlan goingOn(Map<TotalId, Long> knownFrom, long correctedFrom) {
        return new ViewPlan(view, Duration.ofMillis(corrections), knownFrom, correctedFrom);
    }

    /** All totals of all windows. */
    List<TotalId> totals() {
        List<TotalId> totals = new ArrayList<>();
        for (WindowPlan window : windows) {
            for (int i = 0; i < window.totals().size(); i++) {
                totals.add(total(window, i));
            }
        }
        return totals;
    }

    /** What a total of a window is of. */
    TotalId total(WindowPlan window, int index) {
        WindowPlan.TotalPlan total = window.totals().get(index);
        return new TotalId(
                window.lifetime() ? null : window.lane(),
                window.length(),
                InputId.of(inputs.get(total.input())),
                total.type());
    }

    /**
     * The features that lack events which their windows reached back to when they were added. Until the instant that is given for
     * each, epoch milliseconds, they have no value; {@link FeatureRow#NEVER} if they lack them for good.
     */
    public Map<String, Long> warming() {
        Map<String, Long> warming = new LinkedHashMap<>();
        for (WindowPlan window : windows) {
            for (WindowPlan.FeaturePlan feature : window.features()) {
                if (window.coveredAt(feature) != Cursor.FAR_PAST) {
                    warming.put(view.features().get(feature.index()).name(), window.coveredAt(feature));
                }
            }
        }
        return warming;
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
        return needsOrder;
    }

    /** Whether any column looks back on the entity's events before. */
    boolean looksBack() {
        return looksBack;
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

    /**
     * The least event time of which settled rows can be corrected. Rows before may have been settled at change points of features that
     * are gone, and this plan does not know where they are.
     */
    long correctedFrom() {
        return correctedFrom;
    }

    /** Whether an entity whose events have all left its windows is as one that was never seen. */
    boolean forgets() {
        return forgets;
    }

    /**
     * Before which event time, epoch milliseconds, entities may have had events and were forgotten since; less than any if none ever is.
     *
     * @param settled up to which instant rows are settled, epoch milliseconds
     */
    long forgottenBefore(long settled) {
        return forgets ? Math.max(settled, Cursor.FAR_PAST) - remembered() : Long.MIN_VALUE;
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

    /** What an input is, whatever else the view has. */
    record InputId(@Nullable String column, @Nullable String where, DataType type) {
        static InputId of(Input input) {
            return new InputId(
                    input.column(), input.where() == null ? null : input.where().text(), input.type());
        }
    }

    /**
     * What a total is, wherever in a plan it stands.
     *
     * @param lane of whose slices it is; null for a lifetime
     * @param length of a sliding window, milliseconds
     */
    record TotalId(@Nullable LanePlan lane, long length, InputId input, AccumulatorType type) {
        /** Whether a window of this total holds all events of the other's, so that its slices are enough to make the other. */
        boolean covers(TotalId other) {
            return lane != null
                    && Objects.equals(lane, other.lane)
                    && length >= other.length
                    && input.equals(other.input)
                    && type.equals(other.type);
        }
    }
}
