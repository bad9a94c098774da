package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One window of a view and all that is aggregated over it. Features that are made of the same, like a sum and an average of one
 * column, share a total.
 */
final class WindowPlan {
    private final @Nullable LanePlan lane;
    private final int laneIndex;
    private final long length;
    private final List<TotalPlan> totals = new ArrayList<>();
    private final List<FeaturePlan> features = new ArrayList<>();
    private final Map<Integer, Long> coveredAt = new HashMap<>(); // By total, of those that lack events at first.
    private long allCoveredAt = Cursor.FAR_PAST;

    /**
     * A window.
     *
     * @param lane whose slices it reads; null for a lifetime
     * @param length of a sliding window, milliseconds
     */
    WindowPlan(@Nullable LanePlan lane, int laneIndex, long length) {
        this.lane = lane;
        this.laneIndex = laneIndex;
        this.length = length;
    }

    /** Adds a feature of the view, of which the window then has the total. */
    void add(int index, int input, AccumulatorType type, @Nullable Object defaultValue) {
        AccumulatorType shared = type.needsOrder() ? type : type.ofSlices();
        int cell = lane == null ? -1 : lane.cell(input, shared);
        TotalPlan total = new TotalPlan(input, cell, shared);
        if (!totals.contains(total)) {
            totals.add(total);
        }
        features.add(new FeaturePlan(
                index, totals.indexOf(total), type, type.aggregate().equals(shared.aggregate()), defaultValue));
    }

    /**
     * Says that a total lacks events, so that the features made of it have no value until these would have left.
     *
     * @param time the least event time from which on it has all events
     */
    void lacksBefore(int total, long time) {
        long instant = lane == null ? FeatureRow.NEVER : exit(lane.slice(time - 1));
        coveredAt.put(total, instant);
        allCoveredAt = Math.max(allCoveredAt, instant);
    }

    /** The instant from which on a feature has all events of the window; {@link FeatureRow#NEVER} if it never has. */
    long coveredAt(FeaturePlan feature) {
        return coveredAt.getOrDefault(feature.total(), Cursor.FAR_PAST);
    }

    /** Whether a feature has no value at an instant because its total lacks events. */
    boolean hides(FeaturePlan feature, long instant) {
        return instant < allCoveredAt && instant < coveredAt(feature);
    }

    /** Whether some feature has no value at an instant because its total lacks events. */
    boolean hidesAny(long instant) {
        return instant < allCoveredAt;
    }

    /** The next instant after another at which features come to have all events; {@link FeatureRow#NEVER} if there is none. */
    long nextCovered(long instant) {
        return instant >= allCoveredAt
                ? FeatureRow.NEVER
                : coveredAt.values().stream()
                        .mapToLong(Long::longValue)
                        .filter(covered -> covered > instant)
                        .min()
                        .orElse(FeatureRow.NEVER);
    }

    /** Whether some total must be given the events in their order. */
    boolean needsOrder() {
        return totals.stream().anyMatch(total -> total.type().needsOrder());
    }

    boolean isOf(@Nullable LanePlan otherLane, long otherLength) {
        return lane == otherLane && length == otherLength;
    }

    /** Whether events never leave it. */
    boolean lifetime() {
        return lane == null;
    }

    /**
     * The plan of the slices that it reads.
     *
     * @throws IllegalStateException if it is a lifetime
     */
    LanePlan lane() {
        if (lane == null) {
            throw new IllegalStateException("A lifetime has no slices.");
        }
        return lane;
    }

    /** Of a sliding window, milliseconds. */
    long length() {
        return length;
    }

    int laneIndex() {
        return laneIndex;
    }

    List<TotalPlan> totals() {
        return totals;
    }

    List<FeaturePlan> features() {
        return features;
    }

    /** The least event time that is in the window at an instant. */
    long tail(long instant) {
        return lane == null ? Cursor.FAR_PAST : lane.tail(instant, length);
    }

    /** The least event time that is too new for the window at an instant. */
    long head(long instant) {
        return lane == null ? instant : lane.head(instant);
    }

    /** The instant at which a slice leaves. */
    long exit(long sliceStart) {
        return lane().exit(sliceStart, length);
    }

    @Override
    public String toString() {
        return laneIndex + "/" + length + totals + features;
    }

    /**
     * What is kept of the events in a window.
     *
     * @param input index into the view's inputs
     * @param cell index into the cells of the lane's slices; -1 for a lifetime
     */
    record TotalPlan(int input, int cell, AccumulatorType type) {}

    /**
     * What a feature makes of a total.
     *
     * @param index of the feature in its view
     * @param total index into the window's totals
     * @param direct whether the total's own value is the feature's
     * @param defaultValue in the place of the null that stands for nothing
     */
    record FeaturePlan(int index, int total, AccumulatorType type, boolean direct, @Nullable Object defaultValue) {

        @Nullable
        Object value(Accumulator accumulator) {
            Object value = direct ? accumulator.value() : made(accumulator);
            return value == null && accumulator.isEmpty() ? defaultValue : value;
        }

        /** Whether there is no value because what it stands for is beyond the feature's type. */
        boolean isBeyondType(Accumulator accumulator) {
            return (direct ? accumulator : own(accumulator)).isBeyondType();
        }

        private @Nullable Object made(Accumulator shared) {
            return type.aggregate() == Aggregate.Plain.AVG && shared instanceof Sum sum
                    ? sum.average()
                    : own(shared).value();
        }

        private Accumulator own(Accumulator shared) {
            Accumulator own = type.create();
            own.merge(shared);
            return own;
        }
    }
}
