package dev.tidemark.engine.oracle;

import dev.tidemark.engine.EventProjector;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.ViewPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Brings a log to the engine as a job may: partitions interleave in any way, rows are settled up to instants that the log allows,
 * the clock moves on, and states are encoded and decoded in between.
 */
public final class EngineRun {
    private final Scenario scenario;
    private final Schedule schedule;
    private final Consumer<EntityRun> observer;
    private final Random random;
    private final ViewPlan plan;
    private final EventProjector projector;
    private final SortedMap<String, EntityRun> entities = new TreeMap<>();
    private final Map<Integer, Deque<LogEvent>> unread = new TreeMap<>();
    private final Map<Integer, Long> greatestTimes = new HashMap<>();
    private final Lateness lateness;
    private final List<LogEvent> refused = new ArrayList<>();

    private EngineRun(Scenario scenario, Schedule schedule, ViewPlan plan, Consumer<EntityRun> observer) {
        this.scenario = scenario;
        this.schedule = schedule;
        this.observer = observer;
        this.random = new Random(schedule.seed());
        this.plan = plan;
        this.projector = new EventProjector(plan);
        this.lateness = Lateness.judge(
                scenario.log(), scenario.view().source().allowedLateness().toMillis());
        for (LogEvent event : scenario.log()) {
            unread.computeIfAbsent(event.partition(), none -> new ArrayDeque<>())
                    .add(event);
        }
    }

    /** All rows that the engine settles, by entity, after a drain. */
    public static SortedMap<String, List<FeatureRow>> history(Scenario scenario, Schedule schedule) {
        return history(scenario, schedule, entity -> {});
    }

    /**
     * All rows that the engine settles, by entity, after a drain.
     *
     * @param observer is shown an entity after everything that was done to it
     */
    public static SortedMap<String, List<FeatureRow>> history(
            Scenario scenario, Schedule schedule, Consumer<EntityRun> observer) {
        return of(scenario, schedule, ViewPlan.of(scenario.view()), observer).history();
    }

    /**
     * Brings a log to the engine, up to a drain.
     *
     * @param observer is shown an entity after everything that was done to it
     */
    public static EngineRun of(Scenario scenario, Schedule schedule, ViewPlan plan, Consumer<EntityRun> observer) {
        EngineRun run = new EngineRun(scenario, schedule, plan, observer);
        run.readAll();
        return run;
    }

    /** The rows that are settled, by entity. */
    public SortedMap<String, List<FeatureRow>> history() {
        SortedMap<String, List<FeatureRow>> rows = new TreeMap<>();
        entities.forEach((key, entity) -> {
            if (!entity.known().isEmpty()) {
                rows.put(key, entity.settledRows());
            }
        });
        return rows;
    }

    /** The events that were not late, but too far behind settled rows. */
    public List<LogEvent> refused() {
        return refused;
    }

    /** How many events changed rows that were settled before. */
    public int corrections() {
        return entities.values().stream().mapToInt(EntityRun::corrections).sum();
    }

    private void readAll() {
        while (!unread.isEmpty()) {
            arrive(nextEvent());
            entities.values().stream()
                    .filter(entity -> !entity.known().isEmpty())
                    .forEach(this::disturb);
        }
        for (EntityRun entity : entities.values()) {
            if (!entity.known().isEmpty()) {
                entity.settle(Long.MAX_VALUE);
                observer.accept(entity);
            }
        }
    }

    private LogEvent nextEvent() {
        List<Integer> partitions = new ArrayList<>(unread.keySet());
        int partition = partitions.get(random.nextInt(partitions.size()));
        LogEvent event = unread.get(partition).remove();
        greatestTimes.merge(partition, event.time(), Math::max);
        if (unread.get(partition).isEmpty()) {
            // It is idle from now on, and holds nothing back.
            unread.remove(partition);
        }
        return event;
    }

    private void arrive(LogEvent event) {
        if (lateness.late().contains(event)) {
            return;
        }
        EventProjector.Projection projection = projector.project(event.columns());
        if (projection == null || projection.key() == null) {
            return;
        }
        EntityRun entity = entities.computeIfAbsent(projection.key(), key -> new EntityRun(key, plan));
        InputEvent input = new InputEvent(event.time(), event.partition(), event.offset(), projection.inputs());
        if (!entity.accept(event, input)) {
            refused.add(event);
        } else {
            observer.accept(entity);
        }
    }

    private void disturb(EntityRun entity) {
        if (schedule.settles() && random.nextBoolean()) {
            long settled = settledInstant();
            long instant = random.nextBoolean() ? settled : settled - random.nextInt(3) * scenario.unit();
            if (settled != Long.MIN_VALUE) {
                entity.settle(instant);
                observer.accept(entity);
            }
        }
        if (schedule.advances() && random.nextInt(3) == 0) {
            entity.advance(clock(entity));
            observer.accept(entity);
        }
        if (schedule.recodes() && random.nextInt(3) == 0) {
            entity.recode();
            observer.accept(entity);
        }
    }

    /** The least over all partitions that are not idle; nothing is settled before each of them has an event. */
    private long settledInstant() {
        long settled = Long.MAX_VALUE;
        for (int partition : unread.keySet()) {
            if (schedule.idles() && random.nextInt(3) == 0) {
                continue;
            }
            Long greatest = greatestTimes.get(partition);
            if (greatest == null) {
                return Long.MIN_VALUE;
            }
            settled = Math.min(
                    settled,
                    greatest - scenario.view().source().allowedLateness().toMillis());
        }
        return settled == Long.MAX_VALUE ? Long.MIN_VALUE : settled;
    }

    /** An instant of interest: before, at and after the next change, or anywhere. */
    private long clock(EntityRun entity) {
        long next = entity.current().validUntil();
        if (next != FeatureRow.NEVER && random.nextBoolean()) {
            return next - 1 + random.nextInt(3);
        }
        return entity.reached() + (random.nextInt(45) - 3) * scenario.unit();
    }
}
