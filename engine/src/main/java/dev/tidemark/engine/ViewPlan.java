package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine derives once from a feature view: which inputs its events have, and which lane of slices each feature
 * reads. Immutable; safe for use by many threads.
 */
public final class ViewPlan {
    private final FeatureView view;
    private final List<Input> inputs = new ArrayList<>();
    private final List<LanePlan> lanes = new ArrayList<>();
    private final List<FeaturePlan> features = new ArrayList<>();
    private final long maxOffset;
    private final int fingerprint;
    private final List<DataType> inputTypes;
    private final List<String> travellingColumns;
    private final List<DataType> travellingTypes;
    private final InputProgram program;

    private ViewPlan(FeatureView view) {
        this.view = view;
        for (Feature feature : view.features()) {
            features.add(plan(feature));
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
        this.fingerprint = (inputs.toString() + lanes + features + travellingColumns + view.columns()).hashCode();
    }

    /**
     * Plans a view.
     *
     * @throws UnsupportedFeatureException if the engine cannot compute some feature or column yet
     */
    public static ViewPlan of(FeatureView view) {
        List<String> problems = Support.problems(view);
        if (!problems.isEmpty()) {
            throw new UnsupportedFeatureException(problems);
        }
        return new ViewPlan(view);
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
        try {
            ValueCodec.writeAll(travellingTypes, values, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encodeInputs} wrote. */
    public @Nullable Object[] decodeInputs(byte[] bytes) {
        try {
            return ValueCodec.readAll(travellingTypes, new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    List<FeaturePlan> features() {
        return features;
    }

    List<LanePlan> lanes() {
        return lanes;
    }

    /** The largest offset of any window, milliseconds. */
    long maxOffset() {
        return maxOffset;
    }

    /** A number that differs, as good as surely, if state of one plan cannot be read by the other. */
    int fingerprint() {
        return fingerprint;
    }

    private FeaturePlan plan(Feature feature) {
        DataType type = feature.column() == null ? DataType.BOOLEAN : columnType(feature.column());
        int input = indexOf(inputs, new Input(feature.column(), feature.where(), type));
        long length = length(feature.window());
        AccumulatorType accumulator = new AccumulatorType(feature.aggregate(), type, length);
        if (feature.window() instanceof Window.Lifetime) {
            return new FeaturePlan(
                    feature.name(), input, accumulator, FeaturePlan.LIFETIME, 0, 0, feature.defaultValue());
        }
        int lane = indexOf(lanes, lane(feature.window()));
        int cell = lanes.get(lane).cell(input, accumulator.ofSlices());
        long reach = feature.window() instanceof Window.Sliding ? length : 0;
        lanes.get(lane).cover(reach);
        return new FeaturePlan(feature.name(), input, accumulator, lane, cell, reach, feature.defaultValue());
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
        Window.Tumbling tumbling = (Window.Tumbling) window;
        Grid grid = tumbling.unit() == null || tumbling.zone() == null
                ? new Grid.Fixed(tumbling.length().toMillis())
                : new Grid.Civil(tumbling.unit(), tumbling.zone());
        return new LanePlan(grid, 0, true);
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

    /**
     * One feature of the plan.
     *
     * @param input index into the inputs
     * @param lane index into the lanes, or {@link #LIFETIME}
     * @param cell index into the cells of the lane's slices
     * @param length of a sliding window, milliseconds
     */
    record FeaturePlan(
            String name,
            int input,
            AccumulatorType accumulator,
            int lane,
            int cell,
            long length,
            @Nullable Object defaultValue) {
        static final int LIFETIME = -1;

        boolean lifetime() {
            return lane == LIFETIME;
        }

        @Nullable
        Object value(Accumulator total) {
            Object value = total.value();
            return value == null && total.isEmpty() ? defaultValue : value;
        }
    }
}
