package dev.tidemark.cli;

import dev.tidemark.jobs.kafka.DeadLetterSerializer;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A source's topic with records in it, and the letters that a job would write about them. */
final class RefusedRecords implements AutoCloseable {
    private final String bootstrap;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    RefusedRecords(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "max.request.size", 16 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Appends a record and returns its offset. */
    long append(int partition, String key, byte[] value) throws Exception {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(topic, partition, keyBytes, value))
                .get()
                .offset();
    }

    /** Writes a letter about a record. */
    void refuse(int partition, long offset, RefusalReason reason, byte[] bytes) throws Exception {
        DeadLetter letter =
                new DeadLetter(topic, partition, offset, 1_000L, new Refusal(reason, "Because of\n" + reason), bytes);
        producer.send(new DeadLetterSerializer(DeadLetterTopics.of(topic)).serialize(letter, null, null))
                .get();
    }

    /** Appends a record and refuses it. Returns its offset. */
    long appendRefused(int partition, String value, RefusalReason reason) throws Exception {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        long offset = append(partition, "k-" + value, bytes);
        refuse(partition, offset, reason, bytes);
        return offset;
    }

    /** What is no letter at all. */
    void scribble(String text) throws Exception {
        producer.send(new ProducerRecord<>(DeadLetterTopics.of(topic), text.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    /** The committed records of a partition, all of them. Waits for transactions whose end is not visible yet. */
    List<ConsumerRecord<byte[], byte[]>> committed(int partition) {
        TopicPartition all = new TopicPartition(topic, partition);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(all));
            consumer.seekToBeginning(List.of(all));
            long end = end(all);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(all) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private long end(TopicPartition partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
