package dev.tidemark.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes and reads a few records of a topic. */
final class Records {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private Records() {}

    static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    static void send(String bootstrap, String topic, long timestampMillis, String value) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "max.block.ms", 3_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, null, timestampMillis, null, value))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("Cannot send to " + topic + ": " + e.getMessage(), e);
        }
    }

    /** Reads in a consumer group, from the beginning, until there are enough. */
    static List<String> readAll(String bootstrap, String topic, int count) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap, "group.id", topic + "-readers", "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
