package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes one source's events to its topic, and remembers the newest so that the demo can name entities that exist. */
final class EventPublisher implements AutoCloseable {
    private static final int REMEMBERED = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Source source;
    private final List<String> partitionColumns;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong published = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Deque<JsonNode> newest = new ArrayDeque<>();

    /**
     * Connects to a broker.
     *
     * @param partitionColumns events with equal values in these columns go to the same partition
     */
    EventPublisher(String bootstrap, Source source, List<String> partitionColumns) {
        this.source = source;
        this.partitionColumns = List.copyOf(partitionColumns);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Publishes an event as JSON. */
    void publish(JsonNode event) {
        try {
            publish(event, JSON.writeValueAsBytes(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree has a text.", e);
        }
    }

    /**
     * Publishes an event in a text of its own.
     *
     * @param event what the record says
     */
    void publish(JsonNode event, byte[] record) {
        send(partitionKey(event), record);
        synchronized (newest) {
            newest.addLast(event);
            if (newest.size() > REMEMBERED) {
                newest.removeFirst();
            }
        }
    }

    /** Publishes a record that may be anything. */
    void publishRaw(byte[] record) {
        send(null, record);
    }

    /** How many records the broker was given. */
    long published() {
        return published.get();
    }

    /** Why the broker did not take a record; null if it took all so far. */
    @Nullable
    Exception failure() {
        return failure.get();
    }

    /** The newest events, newest first. */
    List<JsonNode> newest() {
        synchronized (newest) {
            List<JsonNode> events = new ArrayList<>(newest);
            java.util.Collections.reverse(events);
            return events;
        }
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ofSeconds(2));
    }

    private void send(byte @Nullable [] key, byte[] value) {
        producer.send(new ProducerRecord<>(source.topic(), key, value), (metadata, exception) -> {
            if (exception != null) {
                failure.compareAndSet(null, exception);
            }
        });
        published.incrementAndGet();
    }

    private byte[] partitionKey(JsonNode event) {
        StringBuilder key = new StringBuilder();
        partitionColumns.forEach(column -> key.append(event.path(column)).append('\n'));
        return key.toString().getBytes(StandardCharsets.UTF_8);
    }
}
