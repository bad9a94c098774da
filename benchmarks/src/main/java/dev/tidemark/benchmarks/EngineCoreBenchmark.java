package dev.tidemark.benchmarks;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.EntityState;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.ViewPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

    /** How many events there were before the measurement begins. */
    @Param("100000")
    public int preload;

    private Workload workload;
    private ViewPlan plan;
    private RowCodec codec;
    private int[] draws;
    private byte[][] packed; // Nothing for an entity that was never seen.
    private @Nullable EntityState[] kept;
    private long number;

    @Setup
    public void setUp() {
        FeatureView view = Views.of(WINDOWS, Views.FIVE, List.of(Views.AMOUNT, Views.QUANTITY));
        workload = new Workload(eventsADay, keys);
        plan = ViewPlan.of(view);
        codec = RowCodec.of(view);
        draws = workload.drawKeys();
        packed = new byte[keys][];
        kept = new EntityState[keys];
        for (number = 0; number < preload; number++) {
            int key = key();
            EntityState entity = kept[key] == null ? EntityState.create(plan) : kept[key];
            kept[key] = entity;
            entity.settle(workload.time(number), row -> {});
            entity.accept(event());
        }
        for (int key = 0; key < keys; key++) {
            EntityState entity = kept[key];
            packed[key] = entity == null ? new byte[0] : entity.encode();
        }
    }

    /** As in the job: the state comes as bytes and goes as bytes, and so do the rows. */
    @Benchmark
    public void encoded(Blackhole blackhole) {
        int key = key();
        byte[] bytes = packed[key];
        EntityState entity = bytes.length == 0 ? EntityState.create(plan) : EntityState.decode(plan, bytes);
        if (bytes.length > 0) {
            blackhole.consume(entity.current());
        }
        entity.settle(workload.time(number), row -> blackhole.consume(codec.encode(row)));
        entity.accept(event());
        FeatureRow row = entity.current();
        blackhole.consume(codec.encode(row));
        packed[key] = entity.encode();
        number++;
    }

    /** With the entities as objects, and rows that nobody encodes. */
    @Benchmark
    public void inMemory(Blackhole blackhole) {
        int key = key();
        EntityState entity = kept[key];
        if (entity == null) {
            entity = EntityState.create(plan);
            kept[key] = entity;
        }
        entity.settle(workload.time(number), blackhole::consume);
        entity.accept(event());
        blackhole.consume(entity.current());
        number++;
    }

    private int key() {
        return draws[(int) (number % draws.length)];
    }

    private InputEvent event() {
        return new InputEvent(workload.time(number), 0, number, TidemarkJob.inputs(plan, number));
    }
}
