package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Workload;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The events of a workload as JSON in a topic, in turn in each of its partitions. */
final class EventLog {
    static final int PARTITIONS = 2;

    private final String topic;

    EventLog(String topic) {
        this.topic = topic;
    }

    String topic() {
        return topic;
    }

    /** Writes the first events of a workload, the last of which is of the present, and returns when the broker has them. */
    void fill(String bootstrap, Workload workload, long events) {
        int[] keys = workload.drawKeys();
        long shift = System.currentTimeMillis() - workload.time(events);
        try (Producer<byte[], byte[]> producer = producer(bootstrap)) {
            for (long number = 0; number < events; number++) {
                String key = Workload.key(keys[(int) (number % keys.length)]);
                producer.send(record(number, key, workload.time(number) + shift));
            }
        }
    }

    /** One event; its number gives its partition and values. */
    ProducerRecord<byte[], byte[]> record(long number, String key, long time) {
        String json = String.format(
                Locale.ROOT,
                "{\"time\":%d,\"key\":\"%s\",\"amount\":%s,\"quantity\":%d}",
                time,
                key,
                Workload.amount(number),
                Workload.quantity(number));
        return new ProducerRecord<>(topic, (int) (number % PARTITIONS), null, json.getBytes(StandardCharsets.UTF_8));
    }

    static Producer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.LINGER_MS_CONFIG, 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
