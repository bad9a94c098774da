package dev.tidemark.jobs.kafka;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.SourceProvider;
import dev.tidemark.jobs.ingest.EventTimeProgress;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/** Reads sources from their topics. */
public final class KafkaSources implements SourceProvider {
    /** A partition that is added is read from its beginning, as soon as this; milliseconds. */
    private static final String DISCOVERY_INTERVAL = "10000";

    /** The broker waits for so many bytes, or so many milliseconds. */
    private static final String FETCH_BYTES = "16384";

    private static final String FETCH_WAIT = "10";

    private final String bootstrap;
    private final StartFrom startFrom;
    private final Map<String, Integer> partitions;

    /**
     * A provider for a cluster of brokers.
     *
     * @param bootstrap one or more {@code host:port}, separated by commas
     * @param startFrom where to start without a checkpoint
     * @param partitions how many partitions each topic has
     */
    public KafkaSources(String bootstrap, StartFrom startFrom, Map<String, Integer> partitions) {
        this.bootstrap = bootstrap;
        this.startFrom = startFrom;
        this.partitions = Map.copyOf(partitions);
    }

    /** The place in a topic at which a job without a checkpoint starts. */
    public enum StartFrom {
        /** The oldest record that is kept. */
        EARLIEST,
        /** The next record that arrives. */
        LATEST,
        /** Where a job for the same views of the source stopped, without its state; the oldest record that is kept if none ever ran. */
        COMMITTED;

        private OffsetsInitializer offsets() {
            return switch (this) {
                case EARLIEST -> OffsetsInitializer.earliest();
                case LATEST -> OffsetsInitializer.latest();
                case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
            };
        }
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> records(
            StreamExecutionEnvironment environment, Source source, List<FeatureView> views) {
        KafkaSource<SourceRecord> kafka = KafkaSource.<SourceRecord>builder()
                .setBootstrapServers(bootstrap)
                .setGroupId(ConsumerGroups.of(views))
                .setTopics(source.topic())
                .setStartingOffsets(startFrom.offsets())
                .setDeserializer(new RecordDeserializer(source, views))
                .setProperties(settings())
                .setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), DISCOVERY_INTERVAL)
                .build();
        // An instance without a partition would hold back the watermark until it counts as idle.
        int most = partitions.getOrDefault(source.topic(), Integer.MAX_VALUE);
        return environment
                .fromSource(kafka, EventTimeProgress.of(source), "source", SourceRecord.TYPE)
                .setParallelism(Math.min(most, environment.getParallelism()));
    }

    /**
     * A bounded source: each partition from one offset to another, which is no longer read. Nothing is committed.
     *
     * @param views the views for which the records are projected, in the order of {@link SourceRecord#events()}
     * @param begins the offsets of the partitions that are read; if one is no longer kept, the job fails
     * @param ends the offsets of the same partitions
     */
    public static KafkaSource<SourceRecord> between(
            String bootstrap,
            Source source,
            List<FeatureView> views,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends) {
        return KafkaSource.<SourceRecord>builder()
                .setBootstrapServers(bootstrap)
                .setPartitions(Set.copyOf(begins.keySet()))
                .setStartingOffsets(OffsetsInitializer.offsets(Map.copyOf(begins), OffsetResetStrategy.NONE))
                .setBounded(OffsetsInitializer.offsets(Map.copyOf(ends), OffsetResetStrategy.NONE))
                .setDeserializer(new RecordDeserializer(source, views))
                .setProperties(settings())
                .setProperty("commit.offsets.on.checkpoint", "false")
                .build();
    }

    private static Properties settings() {
        Properties settings = new Properties();
        // Kafka's own metrics of each consumer collide in one JVM, with a warning each.
        settings.setProperty("register.consumer.metrics", "false");
        // What a producer took back is no event; putting dead letters back relies on it.
        settings.setProperty("isolation.level", "read_committed");
        // Else each record of a steady stream is fetched by itself, which costs the broker and the job more than what
        // they do with it.
        settings.setProperty("fetch.min.bytes", FETCH_BYTES);
        settings.setProperty("fetch.max.wait.ms", FETCH_WAIT);
        return settings;
    }
}
