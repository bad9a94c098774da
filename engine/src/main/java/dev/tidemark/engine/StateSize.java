package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many bytes a view keeps for one entity, computed from its definition: an estimate for planning. docs/state.md has the
 * formulas.
 *
 * @param typical bytes of an entity whose events come evenly, by chance, and whose values are of usual sizes
 * @param bound bytes that an entity does not exceed if no 24 hours have more events, and no string more than 256 bytes
 * @param parts what the typical bytes are made of, the largest first
 */
public record StateSize(long typical, long bound, List<Part> parts) {
    private static final double DAY = Duration.ofDays(1).toMillis();
    private static final double LIFETIME_DAYS = 365;
    private static final double LEAST_CHUNK = 16;
    private static final int MOST_PARTITIONS = 16; // Over which one entity's events are spread.

    /**
     * A part of the state.
     *
     * @param name for people
     * @param bytes of the typical size
     */
    public record Part(String name, long bytes) {}

    /**
     * The size of the state of a view's entities.
     *
     * @param eventsPerDay of one entity, more than zero
     * @param corrections how far back settled rows are corrected
     * @throws IllegalArgumentException if {@code eventsPerDay} is not a number above zero
     */
    public static StateSize of(FeatureView view, double eventsPerDay, Duration corrections) {
        if (!(eventsPerDay > 0) || Double.isInfinite(eventsPerDay)) {
            throw new IllegalArgumentException("Events per day must be a number above zero, not " + eventsPerDay + ".");
        }
        ViewPlan plan = ViewPlan.of(view, corrections);
        List<Part> typical = new Estimate(plan, eventsPerDay, new PartSize(false)).parts();
        List<Part> most = new Estimate(plan, eventsPerDay, new PartSize(true)).parts();
        List<Part> largestFirst = typical.stream()
                .sorted(Comparator.comparingLong(Part::bytes).reversed())
                .toList();
        return new StateSize(total(typical), total(most), largestFirst);
    }

    private static long total(List<Part> parts) {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    private record Estimate(ViewPlan plan, double eventsPerDay, PartSize size) {

        List<Part> parts() {
            List<Part> parts = new ArrayList<>();
            parts.add(new Part("position", Math.round(6 + position())));
            parts.add(new Part("totals", Math.round(cursors() * totals())));
            plan.lanes().forEach(lane -> parts.add(new Part("slices of " + name(lane), Math.round(slices(lane)))));
            parts.add(new Part("events not settled", Math.round(1 + buffered(plan.maxOffset(), plan.inputTypes()))));
            parts.add(new Part("events kept for corrections", Math.round(past())));
            if (plan.looksBack()) {
                parts.add(new Part("columns that look back", Math.round(lookingBack())));
            }
            return parts;
        }

        private double position() {
            return 1 + (size.most() ? MOST_PARTITIONS : 1) * (size.position() - size.time());
        }

        /** While no event waits to be settled, one stands for both. */
        private double cursors() {
            return size.most() ? 2 : 2 - Math.exp(-expected(lateness()));
        }

        private double totals() {
            double bytes = 3 * size.time();
            for (WindowPlan window : plan.windows()) {
                bytes += totals(window);
            }
            return bytes;
        }

        private double totals(WindowPlan window) {
            double events = window.lifetime() ? eventsPerDay * LIFETIME_DAYS : events(length(window));
            return window.totals().stream()
                    .mapToDouble(total -> size.of(total.type(), events))
                    .sum();
        }

        private double length(WindowPlan window) {
            LanePlan lane = window.lane();
            return lane.tumbling() ? period(lane) : window.exit(0) - lane.sliceEnd(0) - lane.offset();
        }

        private double slices(LanePlan lane) {
            double step = period(lane);
            double reach = lane.maxLength() + plan.remembered(); // A correction goes back as far as that.
            double slots = Math.ceil(reach / step) + (lane.tumbling() ? 2 : 1);
            double events = events(slots * step);
            double used = size.most() ? Math.min(slots, events) : slots * -Math.expm1(-events / slots);
            double chunk = Math.max(LEAST_CHUNK, Math.ceil(Math.sqrt(2 * used)));
            // The oldest go a chunk at a time. Where there are few, all have often gone, and the next begins a chunk.
            double gone = size.most() ? chunk - 1 : Math.min(chunk - 1, Math.expm1(events) - events) / 2;
            double kept = used + gone;
            double gap = size.most() ? 5 : PartSize.number(slots / used);
            double slice = gap + slice(lane, events / used);
            return 1 + kept * slice + Math.ceil(kept / chunk) * (size.most() ? 20 : 8);
        }

        private double slice(LanePlan lane, double events) {
            double bytes = Math.ceil(lane.cells() / (double) Byte.SIZE);
            for (int cell = 0; cell < lane.cells(); cell++) {
                bytes += size.of(lane.cellType(cell), events);
            }
            return bytes;
        }

        private double lookingBack() {
            return 1 + 2 * memory() + buffered(0, plan.travellingTypes());
        }

        private double memory() {
            return ColumnMemory.lookingBack(plan.view().columns()).stream()
                    .mapToDouble(column -> 1 + size.value(column.type()))
                    .sum();
        }

        /** Settled events that a correction may go back to, and what there was before them. */
        private double past() {
            double bytes = size.time() + memory();
            for (WindowPlan window : plan.windows()) {
                bytes += window.lifetime() ? totals(window) : 0;
            }
            for (LanePlan lane : plan.lanes()) {
                bytes += 1 + size.time() + slice(lane, Math.max(1, events(period(lane)) / 2));
            }
            double events = Math.max(1, events(plan.remembered()));
            double chunk = Math.max(LEAST_CHUNK, Math.ceil(Math.sqrt(2 * events)));
            double kept = events + (size.most() ? chunk - 1 : (chunk - 1) / 2);
            return bytes + kept * event(plan.travellingTypes()) + Math.ceil(kept / chunk) * (size.most() ? 20 : 12);
        }

        /** Events one by one, until they are settled and every window has taken them in. */
        private double buffered(long offset, List<DataType> types) {
            double time = lateness() + offset;
            return event(types) * (size.most() ? events(Math.max(1, time)) : expected(time));
        }

        private double event(List<DataType> types) {
            double bytes = size.position() - (size.most() ? 0 : 3);
            for (DataType type : types) {
                bytes += 1 + size.value(type);
            }
            return bytes;
        }

        /** In the most, a day's events may come at once. */
        private double events(double millis) {
            return size.most() ? Math.ceil(eventsPerDay * Math.ceil(millis / DAY)) : expected(millis);
        }

        private double expected(double millis) {
            return eventsPerDay * millis / DAY;
        }

        private double lateness() {
            return plan.view().source().allowedLateness().toMillis();
        }

        private static double period(LanePlan lane) {
            return lane.sliceEnd(lane.slice(0)) - lane.slice(0);
        }

        private static String name(LanePlan lane) {
            Duration step = Duration.ofMillis((long) period(lane));
            String name = lane.tumbling()
                    ? "periods of " + text(step)
                    : "windows up to " + text(Duration.ofMillis(lane.maxLength())) + " by " + text(step);
            return lane.offset() == 0 ? name : name + ", " + text(Duration.ofMillis(lane.offset())) + " ago";
        }

        private static String text(Duration duration) {
            long millis = duration.toMillis();
            if (millis % 86_400_000 == 0) {
                return millis / 86_400_000 + "d";
            } else if (millis % 3_600_000 == 0) {
                return millis / 3_600_000 + "h";
            } else if (millis % 60_000 == 0) {
                return millis / 60_000 + "m";
            }
            return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
        }
    }
}
