package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts refused records back at the end of their partition of their source's topic, each once.
 *
 * <p>Records and their entries in the {@link RedriveLog} are committed in one transaction, so that whoever reads committed records sees a
 * record if and only if the log knows of it. All who put records back into a topic share a transactional id: the newcomer ends what its predecessor
 * left open before it reads the log, and the predecessor can commit nothing more. So no record is put back twice, whether the command dies,
 * is repeated, or runs twice at once.
 */
public final class Redrive implements AutoCloseable {
    /** Names the position of the refused record. */
    static final String HEADER = "tidemark-redriven-from";

    /** Whoever reads the topic waits for an open transaction, so one that was left open must end soon. */
    private static final int TRANSACTION_MILLIS = 10_000;

    private static final int LONGEST_REQUEST = 64 << 20;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final RedriveLog log;

    Redrive(String topic, Producer<byte[], byte[]> producer, RedriveLog log) {
        this.topic = topic;
        this.producer = producer;
        this.log = log;
    }

    /**
     * Which letters' records to put back.
     *
     * @param again whether records that were put back before and refused again are put back once more
     */
    public record Choice(DeadLetterLog.Selection selection, boolean again, long limit) {
        /** Whether a letter's record is to be put back: it has a value, and its turn has not been. */
        public boolean takes(StoredDeadLetter letter, RedriveLog log) {
            return !letter.isTombstone() && !log.wasRedriven(letter) && (again || !log.isResult(letter));
        }
    }

    /**
     * What was done.
     *
     * @param redriven records that were put back
     * @param gone records that were not, because neither letter nor topic has the whole value any more
     */
    public record Outcome(long redriven, long gone) {}

    /**
     * Becomes the only one who puts records back into a topic.
     *
     * @throws JobSetupException if the brokers do not answer or refuse
     */
    public static Redrive open(String bootstrap, String topic) throws JobSetupException {
        RedriveLog.create(bootstrap, topic);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tidemark-redrive-" + topic,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS / 2,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LONGEST_REQUEST),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new Redrive(topic, producer, RedriveLog.read(bootstrap, topic));
        } catch (KafkaException e) {
            producer.close();
            throw new JobSetupException(
                    List.of("Kafka at " + bootstrap + " did not begin a transaction: " + e.getMessage()));
        } catch (JobSetupException e) {
            producer.close();
            throw e;
        }
    }

    /** What was put back before this one was opened. */
    public RedriveLog log() {
        return log;
    }

    /**
     * Puts records back.
     *
     * @throws ProducerFencedException if another one has taken over; what is not committed was not put back
     * @throws KafkaException if the brokers refuse; the same holds
     */
    public Outcome run(DeadLetterLog letters, Choice choice) {
        PositionSet seen = new PositionSet();
        long[] counts = new long[2];
        letters.forEachBatch(
                choice.selection(),
                letter -> choice.takes(letter, log) && seen.add(letter.partition(), letter.offset()),
                choice.limit(),
                batch -> {
                    int sent = send(records(batch, letters.originals(batch)));
                    counts[0] += sent;
                    counts[1] += batch.size() - sent;
                });
        return new Outcome(counts[0], counts[1]);
    }

    /** With key and headers if the topic still has them. */
    private List<ProducerRecord<byte[], byte[]>> records(
            List<StoredDeadLetter> letters, Map<String, ConsumerRecord<byte[], byte[]>> originals) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (StoredDeadLetter letter : letters) {
            ConsumerRecord<byte[], byte[]> original = originals.get(letter.position());
            RecordHeaders headers = original == null ? new RecordHeaders() : new RecordHeaders(original.headers());
            headers.remove(HEADER).add(HEADER, letter.position().getBytes(StandardCharsets.UTF_8));
            if (original != null) {
                records.add(new ProducerRecord<>(
                        topic, letter.partition(), null, original.key(), original.value(), headers));
            } else if (letter.isWhole()) {
                records.add(new ProducerRecord<>(topic, letter.partition(), null, null, letter.bytes(), headers));
            }
        }
        return records;
    }

    /** All in one transaction. */
    int send(List<ProducerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return 0;
        }
        producer.beginTransaction();
        try {
            List<Future<RecordMetadata>> places =
                    records.stream().map(producer::send).toList();
            producer.flush();
            for (int i = 0; i < records.size(); i++) {
                byte[] from = records.get(i).headers().lastHeader(HEADER).value();
                RecordMetadata place = get(places.get(i));
                producer.send(RedriveLog.entry(
                        topic, new String(from, StandardCharsets.UTF_8), place.partition(), place.offset()));
            }
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw abort(e);
        }
        return records.size();
    }

    /** Takes back what was sent, and returns why nothing more can be. */
    private KafkaException abort(KafkaException why) {
        try {
            producer.abortTransaction();
            return why;
        } catch (ProducerFencedException e) {
            // The successor has taken it back. Brokers tell of that in several ways; this is the plain one.
            e.addSuppressed(why);
            return e;
        } catch (KafkaException | IllegalStateException e) {
            // The latter after a commit of which no answer came in time: the producer takes nothing but another attempt
            // at it.
            why.addSuppressed(e);
            return why;
        }
    }

    private static RecordMetadata get(Future<RecordMetadata> place) {
        try {
            return place.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while putting records back.", e);
        }
    }

    /** Brokers that do not answer any more are not waited for longer than they keep a transaction open. */
    @Override
    public void close() {
        producer.close(Duration.ofMillis(TRANSACTION_MILLIS));
    }
}
