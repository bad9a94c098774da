package dev.tidemark.engine;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.ViewAmendment;
import dev.tidemark.engine.ViewPlan.TotalId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a view, and the earlier ones under which states of its entities may have been written. A state is brought to the
 * newest plan when it is read. Immutable; safe for use by many threads.
 *
 * <p>A total that only the newest plan has, and that cannot be made of slices which were kept, lacks the events that were taken in
 * before. The features made of it are <em>warming</em>: they have no value until every event that may be lacking would have left
 * their window. That instant is the same for all entities, as it follows from the newest of those events.
 */
public final class Lineage {
    private final List<Earlier> earlier;
    private final ViewPlan plan;
    private final List<ViewPlan> earlierPlans = new ArrayList<>();
    private final Map<Integer, Migration> migrations = new HashMap<>();
    private final FeatureView view;
    private final RowCodec rows;
    private final Map<Integer, FeatureView> rowsBefore = new HashMap<>();

    private Lineage(List<Earlier> earlier, FeatureView view, Duration corrections) {
        this.earlier = List.copyOf(earlier);
        this.view = view;
        this.rows = RowCodec.of(view);
        earlier.forEach(each -> rowsBefore.put(RowCodec.of(each.view()).fingerprint(), each.view()));
        rowsBefore.remove(rows.fingerprint());
        Map<TotalId, Long> knownFrom = new HashMap<>();
        ViewPlan before = null;
        long newest = Cursor.FAR_PAST;
        for (Earlier each : earlier) {
            ViewPlan next = ViewPlan.of(each.view(), corrections);
            knownFrom = before == null ? knownFrom : following(knownFrom, before, next, newest);
            earlierPlans.add(next);
            newest = Math.max(newest, each.newestEvent());
            before = next;
        }
        ViewPlan last = ViewPlan.of(view, corrections);
        this.plan = before == null
                ? last
                : last.goingOn(following(knownFrom, before, last, newest), correctedFrom(earlier, view));
        for (ViewPlan old : earlierPlans) {
            if (old.fingerprint() != plan.fingerprint()) {
                migrations.put(old.fingerprint(), new Migration(old, plan));
            }
        }
    }

    /**
     * A definition that states were written under before.
     *
     * @param settled up to which instant rows were settled at most when the next definition took its place, epoch milliseconds
     * @param newestEvent the greatest event time that had been taken in by then, epoch milliseconds
     */
    public record Earlier(FeatureView view, long settled, long newestEvent) {}

    /** The lineage of a view that had no other definition. */
    public static Lineage of(FeatureView view) {
        return of(List.of(), view);
    }

    /**
     * The lineage of a view.
     *
     * @param earlier its definitions before, oldest first
     * @throws IllegalArgumentException if a definition cannot go on from what was kept for the one before; it says why, and what to do
     */
    public static Lineage of(List<Earlier> earlier, FeatureView view) {
        return of(earlier, view, ViewPlan.CORRECTIONS);
    }

    /**
     * The lineage of a view of which settled rows may be corrected for another time than usual.
     *
     * @param corrections as for {@link ViewPlan#of(FeatureView, Duration)}
     * @throws IllegalArgumentException as the other
     */
    public static Lineage of(List<Earlier> earlier, FeatureView view, Duration corrections) {
        for (int step = 0; step < earlier.size(); step++) {
            int i = step;
            FeatureView next = i + 1 < earlier.size() ? earlier.get(i + 1).view() : view;
            ViewAmendment amendment = ViewAmendment.between(earlier.get(i).view(), next);
            List<String> problems = new ArrayList<>(amendment.problems());
            amendment.added().stream()
                    .filter(name -> isIn(earlier.subList(0, i), name))
                    .forEach(name -> problems.add("Feature " + name + " was removed from it before, and what was"
                            + " stored until then would be taken for new. Give the feature another name."));
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("The state of view " + view.id()
                        + " was written for another definition, from which this one cannot go on. "
                        + String.join(" ", problems));
            }
        }
        return new Lineage(earlier, view, corrections);
    }

    private static boolean isIn(List<Earlier> earlier, String feature) {
        return earlier.stream().anyMatch(each -> each.view().feature(feature).isPresent());
    }

    private static long correctedFrom(List<Earlier> earlier, FeatureView view) {
        long from = Cursor.FAR_PAST;
        for (int i = 0; i < earlier.size(); i++) {
            FeatureView next = i + 1 < earlier.size() ? earlier.get(i + 1).view() : view;
            boolean removed = !ViewAmendment.between(earlier.get(i).view(), next)
                    .removed()
                    .isEmpty();
            from = removed ? Math.max(from, earlier.get(i).settled()) : from;
        }
        return from;
    }

    private static Map<TotalId, Long> following(
            Map<TotalId, Long> knownFrom, ViewPlan before, ViewPlan next, long newestEvent) {
        Map<TotalId, Long> result = new HashMap<>();
        for (TotalId total : next.totals()) {
            long known = before.totals().stream()
                    .filter(old -> old.equals(total) || old.covers(total))
                    .mapToLong(old -> knownFrom.getOrDefault(old, Cursor.FAR_PAST))
                    .min()
                    .orElse(newestEvent == Cursor.FAR_PAST ? Cursor.FAR_PAST : newestEvent + 1);
            if (known != Cursor.FAR_PAST) {
                result.put(total, known);
            }
        }
        return result;
    }

    /** The plan of the newest definition. */
    public ViewPlan plan() {
        return plan;
    }

    /** The definitions before the newest, oldest first. */
    public List<Earlier> earlier() {
        return earlier;
    }

    /**
     * Reads what {@link EntityState#encode} wrote under the newest definition or an earlier one.
     *
     * @throws IllegalArgumentException if the bytes are of none of the definitions or of another format
     */
    public EntityState decode(byte[] bytes) {
        Migration migration = migrations.get(EntityState.fingerprint(bytes));
        return migration == null
                ? EntityState.decode(plan, bytes)
                : EntityState.decode(migration.from(), bytes).migrated(migration);
    }

    /**
     * Brings a row to the newest definition that {@link RowCodec} packed under it or an earlier one: features that it has not are null.
     *
     * @throws IllegalArgumentException if it is damaged or of another format
     */
    public byte[] packedRow(byte[] row) {
        FeatureView before = rowsBefore.get(RowCodec.fingerprint(row));
        if (before == null) {
            return row;
        }
        FeatureRow old = RowCodec.of(before).decode(row);
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 0; i < before.features().size(); i++) {
            values.put(before.features().get(i).name(), old.values().get(i));
        }
        List<@Nullable Object> kept = new ArrayList<>();
        view.features().forEach(feature -> kept.add(values.get(feature.name())));
        return rows.encode(new FeatureRow(kept, old.validFrom(), old.validUntil(), old.lastEventTime()));
    }

    /**
     * Before which event time, epoch milliseconds, entities may have had events and were forgotten since, under this definition or an
     * earlier one.
     *
     * @param settled up to which instant rows are settled, epoch milliseconds
     */
    public long forgottenBefore(long settled) {
        long before = plan.forgottenBefore(settled);
        for (int i = 0; i < earlier.size(); i++) {
            long then = Math.min(settled, earlier.get(i).settled());
            before = Math.max(before, earlierPlans.get(i).forgottenBefore(then));
        }
        return before;
    }
}
