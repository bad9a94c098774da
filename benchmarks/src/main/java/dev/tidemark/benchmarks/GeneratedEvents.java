package dev.tidemark.benchmarks;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Makes the events of a {@link Workload} within the job, in the form in which a contender wants them. They do not end: at an end, a
 * job would close every window there is.
 */
final class GeneratedEvents {
    /** By event time, not by the clock: a fast job and a slow one get the same watermarks. */
    private static final long WATERMARK_INTERVAL = 10_000;

    private GeneratedEvents() {}

    /** Makes one event. */
    interface Maker<T> extends java.io.Serializable {
        /** The event of a number. */
        T make(long number, int key, long time);
    }

    static <T> DataStream<T> of(
            StreamExecutionEnvironment environment, Workload workload, Maker<T> maker, TypeInformation<T> type) {
        DataGeneratorSource<T> source =
                new DataGeneratorSource<>(new Generator<>(workload, maker), Long.MAX_VALUE, type);
        WatermarkStrategy<T> watermarks = WatermarkStrategy.<T>forGenerator(context -> new EventTimeIntervals<>())
                .withTimestampAssigner(context -> new InOrder<>(workload));
        return environment.fromSource(source, watermarks, "events", type).setParallelism(1);
    }

    private static final class Generator<T> implements GeneratorFunction<Long, T> {
        private static final long serialVersionUID = 1L;

        private final Workload workload;
        private final Maker<T> maker;
        private transient int[] keys = new int[0];

        Generator(Workload workload, Maker<T> maker) {
            this.workload = workload;
            this.maker = maker;
        }

        @Override
        public void open(SourceReaderContext context) {
            keys = workload.drawKeys();
        }

        @Override
        public T map(Long number) {
            return maker.make(number, keys[(int) (number % keys.length)], workload.time(number));
        }
    }

    /** The one instance of the source makes the events in their order, so an event's time is known without looking into it. */
    private static final class InOrder<T> implements org.apache.flink.api.common.eventtime.TimestampAssigner<T> {
        private final Workload workload;
        private long number;

        InOrder(Workload workload) {
            this.workload = workload;
        }

        @Override
        public long extractTimestamp(T event, long before) {
            return workload.time(number++);
        }
    }

    private static final class EventTimeIntervals<T> implements WatermarkGenerator<T> {
        private long next = Long.MIN_VALUE;

        @Override
        public void onEvent(T event, long time, WatermarkOutput output) {
            if (time >= next) {
                output.emitWatermark(new Watermark(time - 1));
                next = time - time % WATERMARK_INTERVAL + WATERMARK_INTERVAL;
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}
