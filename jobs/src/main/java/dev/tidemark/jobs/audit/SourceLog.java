package dev.tidemark.jobs.audit;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.SourceRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One source's topic, from its first record to the end that it had when it was opened. */
final class SourceLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Source source;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final Map<Integer, Long> greatest = new HashMap<>();

    SourceLog(Source source, Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.source = source;
        this.consumer = consumer;
        this.ends = ends;
    }

    /** Takes the events of each view that count, in the order of their partitions. */
    @FunctionalInterface
    interface Events {
        void accept(int view, KeyedEvent event);
    }

    /**
     * Looks where a topic ends now.
     *
     * @throws JobSetupException if the topic does not exist, or no longer begins at its first record, or the brokers do not answer
     */
    static SourceLog open(String bootstrap, Source source) throws JobSetupException {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"); // As the job reads.
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = partitions(consumer, source.topic());
            if (partitions.isEmpty()) {
                throw new JobSetupException(List.of("The topic " + source.topic() + " of source " + source.name()
                        + " does not exist at " + bootstrap + "."));
            }
            checkWhole(source, consumer.beginningOffsets(partitions));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return new SourceLog(source, consumer, Map.copyOf(consumer.endOffsets(partitions)));
        } catch (KafkaException | JobSetupException e) {
            if (consumer != null) {
                consumer.close();
            }
            throw e instanceof JobSetupException setup ? setup : unreadable(source, (KafkaException) e);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        return found == null
                ? List.of()
                : found.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
    }

    /** Without the beginning of the log, neither a lifetime nor the verdicts on late events can be told again. */
    private static void checkWhole(Source source, Map<TopicPartition, Long> beginnings) throws JobSetupException {
        for (Map.Entry<TopicPartition, Long> beginning : beginnings.entrySet()) {
            if (beginning.getValue() > 0) {
                throw new JobSetupException(List.of("The topic " + source.topic() + " of source " + source.name()
                        + " has lost its first " + beginning.getValue() + " records in partition "
                        + beginning.getKey().partition()
                        + ", so its features cannot be computed again. Audit without --replay."));
            }
        }
    }

    /**
     * Reads it all.
     *
     * @throws JobSetupException if the brokers stop answering
     */
    void read(List<FeatureView> views, Events events) throws JobSetupException {
        EventReader reader = new EventReader(source, views);
        long heard = System.nanoTime();
        try {
            while (!atEnd()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.offset() < end(record.partition())) {
                        judge(
                                reader.read(record.partition(), record.offset(), record.timestamp(), record.value()),
                                events);
                    }
                }
                heard = records.isEmpty() ? heard : System.nanoTime();
                if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                    throw new KafkaException("no record came for " + PATIENCE.toSeconds() + " seconds");
                }
            }
        } catch (KafkaException e) {
            throw unreadable(source, e);
        }
    }

    /** The verdict of the contract, in its own words: late is what is further behind its own partition than the source allows. */
    private void judge(SourceRecord record, Events events) {
        if (record.refusal() != null) {
            return;
        }
        Long before = greatest.get(record.partition());
        if (before != null && record.time() < before - source.allowedLateness().toMillis()) {
            return;
        }
        greatest.merge(record.partition(), record.time(), Math::max);
        for (int view = 0; view < record.events().size(); view++) {
            KeyedEvent event = record.events().get(view);
            if (event != null) {
                events.accept(view, event);
            }
        }
    }

    /**
     * The instant up to which the log alone, up to its end, settles every row: epoch milliseconds; {@link Long#MIN_VALUE} for
     * none. Where a partition was idle, a job may have gone further.
     */
    long settled() {
        return greatest.values().stream()
                .mapToLong(time -> time - source.allowedLateness().toMillis())
                .min()
                .orElse(Long.MIN_VALUE);
    }

    /** The last offset of each partition. */
    LogPosition position() {
        LogPosition position = LogPosition.NONE;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (end.getValue() > 0) {
                position = position.with(end.getKey().partition(), end.getValue() - 1);
            }
        }
        return position;
    }

    /**
     * Whether the topic still ends where it did.
     *
     * @throws JobSetupException if the brokers stopped answering
     */
    boolean stoodStill() throws JobSetupException {
        try {
            return consumer.endOffsets(ends.keySet()).equals(ends);
        } catch (KafkaException e) {
            throw unreadable(source, e);
        }
    }

    private boolean atEnd() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private long end(int partition) {
        return ends.getOrDefault(new TopicPartition(source.topic(), partition), 0L);
    }

    private static JobSetupException unreadable(Source source, KafkaException e) {
        return new JobSetupException(List.of(
                "Could not read the topic " + source.topic() + " of source " + source.name() + ": " + e.getMessage()));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
