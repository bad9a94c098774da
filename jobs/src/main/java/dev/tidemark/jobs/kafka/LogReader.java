package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic, committed records only, up to where it ended when the reader was opened. Not safe for several threads. */
final class LogReader implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 15_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final Duration POLL = Duration.ofMillis(500);
    /** How long brokers may say nothing while there is more to read. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> ends;
    private final LongSupplier nanos;

    LogReader(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            LongSupplier nanos) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.ends = ends;
        this.nanos = nanos;
    }

    /** @throws JobSetupException if the brokers do not answer or refuse, or the topic does not exist */
    static LogReader open(String bootstrap, String topic) throws JobSetupException {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        TIMEOUT_MILLIS,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        try (Admin admin = admin(bootstrap)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            return new LogReader(consumer, partitions, ends(admin, partitions), System::nanoTime);
        } catch (KafkaException | ExecutionException e) {
            consumer.close();
            throw new JobSetupException(
                    List.of("Could not read the topic " + topic + " of Kafka at " + bootstrap + ": " + e.getMessage()));
        } catch (InterruptedException e) {
            consumer.close();
            Thread.currentThread().interrupt();
            throw new JobSetupException(List.of("Interrupted while opening the topic " + topic + "."));
        }
    }

    /** With what is not committed yet: a transaction that was committed just now may still look open, and is waited for. */
    private static Map<TopicPartition, Long> ends(Admin admin, List<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /**
     * Which topics there are.
     *
     * @throws JobSetupException if the brokers do not answer or refuse
     */
    static Set<String> topics(String bootstrap) throws JobSetupException {
        try (Admin admin = admin(bootstrap)) {
            return admin.listTopics().names().get();
        } catch (KafkaException | ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new JobSetupException(List.of("Kafka at " + bootstrap + " did not list its topics: "
                    + cause.getMessage() + " Is the address right, and does the broker run?"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobSetupException(List.of("Interrupted while asking Kafka for its topics."));
        }
    }

    static Admin admin(String bootstrap) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_MILLIS));
    }

    /**
     * Reads all records, oldest first within each partition, until one is answered by false.
     *
     * @param since epoch milliseconds by the log's clock: earlier records may be left out
     * @throws KafkaException if the brokers stop answering
     */
    void readAll(long since, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(partitions);
        seek(since);
        read(ends, reader);
    }

    private void seek(long since) {
        if (since == Long.MIN_VALUE) {
            consumer.seekToBeginning(partitions);
            return;
        }
        Map<TopicPartition, Long> instants = new HashMap<>();
        partitions.forEach(partition -> instants.put(partition, Math.max(0, since)));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(instants);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? end(partition) : start.offset());
        }
    }

    /**
     * Reads one partition from an offset, which must be retained, up to and with another, until one is answered by false.
     *
     * @throws KafkaException if the brokers stop answering
     */
    void read(TopicPartition partition, long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        read(Map.of(partition, Math.min(to + 1, end(partition))), reader);
    }

    private void read(Map<TopicPartition, Long> upTo, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        long heard = nanos.getAsLong();
        long left = left(upTo);
        while (left > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                long end = upTo.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
                if (record.offset() < end && !reader.test(record)) {
                    return;
                }
            }
            // Not only records: the marks of transactions bring it forward, too.
            long before = left;
            left = left(upTo);
            if (left < before) {
                heard = nanos.getAsLong();
            } else if (nanos.getAsLong() - heard > PATIENCE.toNanos()) {
                throw new KafkaException("no record came for " + PATIENCE.toSeconds() + " seconds");
            }
        }
    }

    private long left(Map<TopicPartition, Long> upTo) {
        return upTo.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    /** The oldest offset that is retained. */
    long beginning(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
