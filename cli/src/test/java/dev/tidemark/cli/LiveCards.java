package dev.tidemark.cli;

import dev.tidemark.engine.oracle.LogEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Payments that keep coming, in disorder and some of them late. All payments of a card are in one partition, so a reader sees its
 * values after each of them in turn. {@code debit} is the amount with the other sign.
 */
final class LiveCards implements AutoCloseable {
    static final int CARDS = 24;
    static final int PARTITIONS = 3;
    static final long LATENESS = 2_000;
    private static final long PERIOD = 10;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random = new Random(7);
    private final List<LogEvent> log = new ArrayList<>();
    private final long[] offsets = new long[PARTITIONS];
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private Future<?> flow = CompletableFuture.completedFuture(null);

    LiveCards(String bootstrap, String topic) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Publishes payments of a while that ends now. */
    void publishPast(int events, long span) {
        long start = System.currentTimeMillis() - span;
        for (int i = 0; i < events; i++) {
            publish(start + i * span / events);
        }
        producer.flush();
    }

    /** Goes on to publish until it is closed. */
    void flow() {
        flow = thread.scheduleAtFixedRate(() -> publish(System.currentTimeMillis()), 0, PERIOD, TimeUnit.MILLISECONDS);
    }

    /** Everything published so far. */
    synchronized List<LogEvent> log() {
        return List.copyOf(log);
    }

    static String card(int number) {
        return "card-" + number;
    }

    private synchronized void publish(long now) {
        int card = random.nextInt(CARDS);
        int partition = card % PARTITIONS;
        // Every twentieth is behind by up to three times as much as is allowed.
        long time = now - random.nextInt(random.nextInt(20) == 0 ? 3 * (int) LATENESS : 1_500);
        long amount = 1 + random.nextInt(1_000);
        Map<String, Object> columns = Map.of("card", card(card), "amount", amount, "debit", -amount);
        log.add(new LogEvent(partition, offsets[partition]++, time, columns));
        String json = "{\"ts\":" + time + ",\"card\":\"" + card(card) + "\",\"amount\":" + amount + ",\"debit\":"
                + -amount + "}";
        producer.send(new ProducerRecord<>(topic, partition, null, json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ends the flow; throws what went wrong within it. */
    @Override
    public void close() throws InterruptedException, ExecutionException {
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The flow of payments does not end.");
        }
        producer.close();
        if (!flow.isCancelled()) {
            flow.get();
        }
    }
}
