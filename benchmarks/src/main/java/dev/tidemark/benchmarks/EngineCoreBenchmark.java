package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.ViewPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the engine itself costs an event, without Flink: 50 features (10 aggregates over 5 windows). An event settles its entity
 * up to the event's own time, is accepted and asks for the current row, which is what the job does in all but its order: there
 * the settling is done by timers.
 *
 * <p>Not final, and with fields that are set up late, as JMH wants it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class EngineCoreBenchmark {
    private static final List<Duration> WINDOWS = List.of(
            Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(7));

    @Param("1000000")
    public long eventsADay;

    @Param("10000")
    public int keys;

    /** How many events there were before JMH begins to call. */
    @Param("1000000")
    public int preload;

    private Workload workload;
    private ViewPlan plan;
    private RowCodec codec;
    private int[] draws;
    private List<Object[]> inputs;
    private byte[][] packed; // Nothing for an entity that was never seen.
    private @Nullable EntityState[] kept;
    private long number;

    /** How many events there were by the end of an iteration, for JMH to report. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Seen {
        public long events;
    }

    @Setup
    public void setUp() {
        FeatureView view = Views.of(WINDOWS, Views.STEP, Views.FIVE, List.of(Views.AMOUNT, Views.QUANTITY));
        workload = new Workload(eventsADay, keys);
        plan = ViewPlan.of(view);
        codec = RowCodec.of(view);
        draws = workload.drawKeys();
        inputs = Views.inputs(plan);
        packed = new byte[keys][];
        kept = new EntityState[keys];
        for (number = 0; number < preload; number++) {
            EntityState entity = entity(key());
            entity.settle(workload.time(number), row -> {});
            entity.accept(event());
        }
        for (int key = 0; key < keys; key++) {
            EntityState entity = kept[key];
            packed[key] = entity == null ? new byte[0] : encode(entity);
        }
    }

    /** As in the job: the state comes as bytes and goes as bytes, and so do the rows. */
    @Benchmark
    public void encoded(Blackhole blackhole, Seen seen) {
        int key = key();
        byte[] bytes = packed[key];
        EntityState entity = bytes.length == 0 ? EntityState.create(plan) : decode(bytes);
        if (bytes.length > 0) {
            blackhole.consume(entity.current());
        }
        entity.settle(workload.time(number), row -> blackhole.consume(codec.encode(row)));
        entity.accept(event());
        blackhole.consume(codec.encode(entity.current()));
        packed[key] = encode(entity);
        next(seen);
    }

    /** With the entities as objects, and rows that nobody encodes. */
    @Benchmark
    public void inMemory(Blackhole blackhole, Seen seen) {
        EntityState entity = entity(key());
        entity.settle(workload.time(number), blackhole::consume);
        entity.accept(event());
        blackhole.consume(entity.current());
        next(seen);
    }

    // The next two, and the one view, are all that has to follow a change of the state's form.

    private EntityState decode(byte[] bytes) {
        return EntityState.decode(plan, bytes);
    }

    private static byte[] encode(EntityState entity) {
        return entity.encode();
    }

    private EntityState entity(int key) {
        EntityState known = kept[key];
        EntityState entity = known == null ? EntityState.create(plan) : known;
        kept[key] = entity;
        return entity;
    }

    private int key() {
        return draws[(int) (number % draws.length)];
    }

    private InputEvent event() {
        return new InputEvent(workload.time(number), 0, number, inputs.get((int) (number % Workload.VALUES)));
    }

    private void next(Seen seen) {
        number++;
        seen.events = number;
    }
}
