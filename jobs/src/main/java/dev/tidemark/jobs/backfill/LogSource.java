package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.SourceProvider;
import dev.tidemark.jobs.backfill.BackfillPlan.Part;
import dev.tidemark.jobs.ingest.EventTimeProgress;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;

/**
 * The part of a log that a plan says, read by one instance: Flink takes no checkpoint once some instances of the ingest have ended
 * and others have not.
 */
final class LogSource implements SourceProvider {
    private final String bootstrap;
    private final BackfillPlan plan;
    private final List<FeatureView> others;

    /**
     * The log of one source.
     *
     * @param others further views of the source; a record that lacks their join keys is no event for any view
     */
    LogSource(String bootstrap, BackfillPlan plan, List<FeatureView> others) {
        this.bootstrap = bootstrap;
        this.plan = plan;
        this.others = List.copyOf(others);
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> records(
            StreamExecutionEnvironment environment, Source source, List<FeatureView> views) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Part part : plan.parts()) {
            begins.put(new TopicPartition(plan.topic(), part.partition()), part.begin());
            ends.put(new TopicPartition(plan.topic(), part.partition()), part.end());
        }
        List<FeatureView> all = new ArrayList<>(views);
        all.addAll(others);
        long lateness = source.allowedLateness().toMillis();
        WatermarkStrategy<SourceRecord> progress = WatermarkStrategy.<SourceRecord>forGenerator(
                        context -> new Progress(lateness))
                .withTimestampAssigner((record, logTime) -> record.time());
        String name = "log-" + source.name();
        EndingSource log = new EndingSource(KafkaSources.between(bootstrap, source, all, begins, ends), begins.size());
        return environment
                .fromSource(log, progress, name, SourceRecord.TYPE)
                .uid(name)
                .setParallelism(1)
                .transform("follow", SourceRecord.TYPE, new LogFollower(plan, source))
                .setParallelism(1);
    }

    /** As {@link EventTimeProgress}, but the wall clock makes no partition idle. */
    private static final class Progress implements WatermarkGenerator<SourceRecord> {
        private final long lateness;
        private long greatest = SourceRecord.NO_TIME;

        Progress(long lateness) {
            this.lateness = lateness;
        }

        @Override
        public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
            if (record.refusal() == null) {
                greatest = Math.max(greatest, record.time());
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (greatest != SourceRecord.NO_TIME) {
                output.emitWatermark(new Watermark(EventTimeProgress.watermark(greatest, lateness)));
            }
        }
    }
}
