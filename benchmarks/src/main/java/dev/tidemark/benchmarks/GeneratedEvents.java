package dev.tidemark.benchmarks;

import java.io.Serializable;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Makes the events of a {@link Workload} within the job, in the form in which a contender wants them. They do not end: at an end, a
 * job would close every window there is.
 *
 * <p>Watermarks are those of a real job: at fixed times by the clock, the greatest event time so far minus one millisecond.
 */
final class GeneratedEvents {
    private GeneratedEvents() {}

    /** Makes events; it may use what was prepared once for all of them. */
    interface Maker<T> {
        /** The event of a number. */
        T make(long number, int key, long time);
    }

    /** Prepares a {@link Maker} where the source runs. */
    interface MakerFactory<T> extends Serializable {
        /** What will make the events of a workload. */
        Maker<T> create(Workload workload);
    }

    static <T> DataStream<T> of(
            StreamExecutionEnvironment environment,
            Workload workload,
            MakerFactory<T> factory,
            TypeInformation<T> type) {
        WatermarkStrategy<Long> watermarks = WatermarkStrategy.<Long>forMonotonousTimestamps()
                .withTimestampAssigner((number, before) -> workload.time(number));
        return environment
                .fromSource(new NumberSequenceSource(0, Long.MAX_VALUE - 1), watermarks, "numbers")
                .setParallelism(1)
                .map(new Events<>(workload, factory), type)
                .name("events")
                .setParallelism(1);
    }

    private static final class Events<T> extends RichMapFunction<Long, T> {
        private static final long serialVersionUID = 1L;

        private final Workload workload;
        private final MakerFactory<T> factory;
        private transient Maker<T> maker;
        private transient int[] keys;

        @SuppressWarnings("NullAway.Init")
        Events(Workload workload, MakerFactory<T> factory) {
            this.workload = workload;
            this.factory = factory;
        }

        @Override
        public void open(OpenContext context) {
            maker = factory.create(workload);
            keys = workload.drawKeys();
        }

        @Override
        public T map(Long boxed) {
            long number = boxed;
            return maker.make(number, keys[(int) (number % keys.length)], workload.time(number));
        }
    }
}
