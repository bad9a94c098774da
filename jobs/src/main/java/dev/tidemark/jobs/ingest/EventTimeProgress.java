package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.SourceRecord;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.eventtime.WatermarksWithIdleness;

/**
 * How far one partition's event time has come. Its watermark is one millisecond before its settled instant, which is the
 * greatest event time less the allowed lateness: a watermark {@code w} promises that no event at or before {@code w} follows, so
 * that a change point at {@code w + 1}, which only events before it can touch, is settled.
 *
 * <p>A refused record counts for nothing: neither for the time, nor as a sign of life that would let a partition of rubbish
 * hold back all others for ever.
 */
public final class EventTimeProgress {
    private EventTimeProgress() {}

    /** Watermarks for the records of a source, for each of its partitions. */
    public static WatermarkStrategy<SourceRecord> of(Source source) {
        long lateness = source.allowedLateness().toMillis();
        return WatermarkStrategy.<SourceRecord>forGenerator(context -> new OfEvents(new WatermarksWithIdleness<>(
                        new Greatest(lateness), source.idleTimeout(), context.getInputActivityClock())))
                .withTimestampAssigner((record, logTime) -> record.time());
    }

    /**
     * The watermark behind a greatest event time.
     *
     * @param greatest epoch milliseconds
     * @param allowedLateness milliseconds
     */
    public static long watermark(long greatest, long allowedLateness) {
        return greatest - allowedLateness - 1;
    }

    /** Keeps refused records away from another generator. */
    private record OfEvents(WatermarkGenerator<SourceRecord> events) implements WatermarkGenerator<SourceRecord> {
        @Override
        public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
            if (record.refusal() == null) {
                events.onEvent(record, timestamp, output);
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            events.onPeriodicEmit(output);
        }
    }

    private static final class Greatest implements WatermarkGenerator<SourceRecord> {
        private final long lateness;
        private long greatest = SourceRecord.NO_TIME;

        Greatest(long lateness) {
            this.lateness = lateness;
        }

        @Override
        public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
            // A late event is no greater than what came before it, so it needs no verdict here.
            greatest = Math.max(greatest, record.time());
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (greatest != SourceRecord.NO_TIME) {
                output.emitWatermark(new Watermark(watermark(greatest, lateness)));
            }
        }
    }
}
