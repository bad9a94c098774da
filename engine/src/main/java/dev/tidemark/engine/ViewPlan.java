package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Expression;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
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

    private ViewPlan(FeatureView view) {
        this.view = view;
        for (Feature feature : view.features()) {
            features.add(plan(feature));
        }
        this.maxOffset = lanes.stream().mapToLong(LanePlan::offset).max().orElse(0);
        this.fingerprint = (inputs.toString() + lanes + features).hashCode();
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

    /** The inputs of one event as bytes. */
    public byte[] encodeInputs(@Nullable Object[] values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
        try {
            writeInputs(values, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encodeInputs} wrote. */
    public @Nullable Object[] decodeInputs(byte[] bytes) {
        try {
            return readInputs(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void writeInputs(@Nullable Object[] values, DataOutput out) throws IOException {
        for (int i = 0; i < values.length; i++) {
            ValueCodec.writeNullable(inputs.get(i).type(), values[i], out);
        }
    }

    @Nullable
    Object[] readInputs(DataInput in) throws IOException {
        @Nullable Object[] values = new @Nullable Object[inputs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ValueCodec.readNullable(inputs.get(i).type(), in);
        }
        return values;
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
        AccumulatorType accumulator = new AccumulatorType(feature.aggregate(), type);
        if (!(feature.window() instanceof Window.Sliding window)) {
            return new FeaturePlan(
                    feature.name(), input, accumulator, FeaturePlan.LIFETIME, 0, 0, feature.defaultValue());
        }
        int lane = lane(window);
        int cell = lanes.get(lane).cell(input, accumulator);
        lanes.get(lane).cover(window.lengthMillis());
        return new FeaturePlan(
                feature.name(), input, accumulator, lane, cell, window.lengthMillis(), feature.defaultValue());
    }

    private int lane(Window.Sliding window) {
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).step() == window.stepMillis() && lanes.get(i).offset() == window.offsetMillis()) {
                return i;
            }
        }
        lanes.add(new LanePlan(window.stepMillis(), window.offsetMillis()));
        return lanes.size() - 1;
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
     * @param length of the window, milliseconds
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

    /** Windows with the same step and offset share their slices: a lane. */
    static final class LanePlan {
        private final long step;
        private final long offset;
        private final List<Integer> cellInputs = new ArrayList<>();
        private final List<AccumulatorType> cellTypes = new ArrayList<>();
        private long maxLength;

        private LanePlan(long step, long offset) {
            this.step = step;
            this.offset = offset;
        }

        private int cell(int input, AccumulatorType type) {
            for (int i = 0; i < cellInputs.size(); i++) {
                if (cellInputs.get(i) == input && cellTypes.get(i).equals(type)) {
                    return i;
                }
            }
            cellInputs.add(input);
            cellTypes.add(type);
            return cellInputs.size() - 1;
        }

        private void cover(long length) {
            maxLength = Math.max(maxLength, length);
        }

        long step() {
            return step;
        }

        long offset() {
            return offset;
        }

        /** The longest window on this lane, milliseconds. */
        long maxLength() {
            return maxLength;
        }

        int cells() {
            return cellInputs.size();
        }

        int cellInput(int cell) {
            return cellInputs.get(cell);
        }

        AccumulatorType cellType(int cell) {
            return cellTypes.get(cell);
        }

        /** The start of the slice that an event time falls in. */
        long slice(long time) {
            return Math.floorDiv(time, step) * step;
        }

        /** Where a window of this length begins at an instant. */
        long tail(long instant, long length) {
            return slice(instant - offset - length);
        }

        @Override
        public String toString() {
            return step + "/" + offset + cellInputs + cellTypes;
        }
    }
}
