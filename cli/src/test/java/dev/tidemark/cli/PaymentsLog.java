package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.oracle.LogEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A log of payments over the last half hour up to a given present, the same for the same seed: in disorder, with late events, and
 * with records that are broken, have no card, a wrong type or no time.
 */
final class PaymentsLog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SPAN = Duration.ofMinutes(30);
    /** Records that cannot be taken, and why. */
    private static final List<Map.Entry<String, String>> BROKEN = List.of(
            Map.entry("not json", "malformed"),
            Map.entry("{\"ts\": 1, ", "malformed"),
            Map.entry("[1, 2]", "malformed"),
            Map.entry("{\"card_id\": \"card-1\", \"merchant_id\": \"merchant-1\", \"amount\": 1.0}", "event_time"),
            Map.entry("{\"ts\": \"noon\", \"card_id\": \"card-1\", \"merchant_id\": \"merchant-1\"}", "wrong_type"));

    /** What is published, by partition and offset. */
    private final List<List<String>> records = new ArrayList<>();

    private final List<LogEvent> readable = new ArrayList<>();
    private final Map<String, String> refused = new HashMap<>();

    PaymentsLog(int partitions, int events, long present) {
        Random random = new Random(42);
        GeneratedPayments payments = new GeneratedPayments(1, 42, fixed(present));
        for (int i = 0; i < partitions; i++) {
            records.add(new ArrayList<>());
        }
        long[] greatest = new long[partitions];
        long step = SPAN.toMillis() / events;
        for (int i = 0; i < events; i++) {
            int partition = random.nextInt(partitions);
            if (random.nextInt(100) == 0) {
                Map.Entry<String, String> broken = BROKEN.get(random.nextInt(BROKEN.size()));
                refuse(partition, broken.getKey(), broken.getValue());
            }
            long time = present - SPAN.toMillis() + i * step - random.nextInt(random.nextInt(20) == 0 ? 6_000 : 1_500);
            ObjectNode payment = payments.payment().put("ts", time);
            if (random.nextInt(200) == 0) {
                refuse(partition, payment.putNull("card_id").toString(), "missing_key");
                continue;
            }
            // The example allows two seconds.
            if (time < greatest[partition] - 2_000) {
                refused.put(partition + ":" + records.get(partition).size(), "late");
            }
            greatest[partition] = Math.max(greatest[partition], time);
            readable.add(new LogEvent(partition, records.get(partition).size(), time, columns(payment)));
            records.get(partition).add(payment.toString());
        }
    }

    /** The events that can be read, late ones among them, each partition's in order. */
    List<LogEvent> readable() {
        return readable;
    }

    /** How many records there are in all partitions. */
    int size() {
        return records.stream().mapToInt(List::size).sum();
    }

    /** The reasons for which records are refused, by {@code partition:offset}. */
    Map<String, String> refused() {
        return refused;
    }

    /** Up to where a reader of the whole log may settle, if no partition is idle. */
    long settledInstant(Duration allowedLateness) {
        return settledInstant(readable, allowedLateness);
    }

    /** Up to where a reader of these events may settle, if no partition of theirs is idle. */
    static long settledInstant(List<LogEvent> events, Duration allowedLateness) {
        Map<Integer, Long> greatest = new HashMap<>();
        events.forEach(event -> greatest.merge(event.partition(), event.time(), Math::max));
        return greatest.values().stream().mapToLong(Long::longValue).min().orElseThrow() - allowedLateness.toMillis();
    }

    void publish(String bootstrap, String topic) {
        publish(bootstrap, topic, 0, 1);
    }

    /** Publishes a part of each partition, between two fractions of its records. What goes before must be published before. */
    void publish(String bootstrap, String topic, double from, double to) {
        publish(bootstrap, topic, upTo(from, records.size()), upTo(to, records.size()));
    }

    /** The offsets behind a fraction of each of some partitions, the first ones. */
    int[] upTo(double fraction, int partitions) {
        return records.stream()
                .limit(partitions)
                .mapToInt(log -> (int) (log.size() * fraction))
                .toArray();
    }

    /**
     * Publishes a part of some partitions, the first ones. What goes before must be published before.
     *
     * @param from the first offset of each partition
     * @param to the offset behind the last of each partition
     */
    void publish(String bootstrap, String topic, int[] from, int[] to) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < to.length; partition++) {
                for (String record : records.get(partition).subList(from[partition], to[partition])) {
                    producer.send(
                            new ProducerRecord<>(topic, partition, null, record.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    /** Writes a file for each partition, and returns them in order. */
    List<Path> write(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int partition = 0; partition < records.size(); partition++) {
            files.add(Files.write(directory.resolve("partition-" + partition + ".jsonl"), records.get(partition)));
        }
        return files;
    }

    /** The reasons in a topic of dead letters, by {@code partition:offset} of the refused record. */
    Map<String, String> deadLetters(String bootstrap, String topic) throws IOException {
        Map<String, String> reasons = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    JsonNode letter = JSON.readTree(record.value());
                    reasons.put(
                            letter.get("partition").asInt() + ":"
                                    + letter.get("offset").asLong(),
                            letter.get("reason").asText());
                }
            }
        }
        return reasons;
    }

    private void refuse(int partition, String record, String reason) {
        refused.put(partition + ":" + records.get(partition).size(), reason);
        records.get(partition).add(record);
    }

    private static Map<String, Object> columns(ObjectNode payment) {
        Map<String, Object> columns = new LinkedHashMap<>();
        payment.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isTextual()) {
                columns.put(field.getKey(), value.textValue());
            } else if (value.isBoolean()) {
                columns.put(field.getKey(), value.booleanValue());
            } else {
                columns.put(
                        field.getKey(), value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue());
            }
        });
        return columns;
    }

    private static Clock fixed(long present) {
        return Clock.fixed(Instant.ofEpochMilli(present), ZoneOffset.UTC);
    }
}
