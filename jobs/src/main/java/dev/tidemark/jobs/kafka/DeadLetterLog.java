package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The dead letters of one source's topic, up to those that were there when the log was opened. Not safe for several threads. */
public final class DeadLetterLog implements AutoCloseable {
    private static final int BATCH = 200;
    private static final int BATCH_BYTES = 8 << 20;

    private final LogReader letters;
    private final OriginalRecords originals;
    private long unreadable;

    DeadLetterLog(LogReader letters, OriginalRecords originals) {
        this.letters = letters;
        this.originals = originals;
    }

    /**
     * Which letters.
     *
     * @param reasons as {@link dev.tidemark.jobs.record.RefusalReason#spelling} spells them; none for all
     * @param from the first instant at which a letter may have been written; null for any
     * @param to the first instant after those; null for any
     */
    public record Selection(Set<String> reasons, @Nullable Instant from, @Nullable Instant to) {
        boolean takes(StoredDeadLetter letter) {
            return (reasons.isEmpty() || reasons.contains(letter.reason()))
                    && (from == null || letter.refusedAt() >= from.toEpochMilli())
                    && (to == null || letter.refusedAt() < to.toEpochMilli());
        }
    }

    /**
     * Opens the log of a source's topic.
     *
     * @param bootstrap one or more {@code host:port}, separated by commas
     * @param topic the source's
     * @throws JobSetupException if the brokers do not answer or refuse, or there is no such topic or none of dead letters
     */
    public static DeadLetterLog open(String bootstrap, String topic) throws JobSetupException {
        Set<String> topics = LogReader.topics(bootstrap);
        for (String needed : List.of(topic, DeadLetterTopics.of(topic))) {
            if (!topics.contains(needed)) {
                throw new JobSetupException(List.of("There is no topic " + needed + " in Kafka at " + bootstrap
                        + ". Correct --topic or --source; a job makes the topic of dead letters when it starts."));
            }
        }
        OriginalRecords originals = OriginalRecords.open(bootstrap, topic);
        try {
            return new DeadLetterLog(LogReader.open(bootstrap, DeadLetterTopics.of(topic)), originals);
        } catch (JobSetupException e) {
            originals.close();
            throw e;
        }
    }

    /**
     * Hands over letters, within a partition in the order in which they were written, until one is answered by false. A letter may be there several
     * times, for a job that restarts writes it again.
     *
     * @throws JobSetupException if the brokers stop answering
     */
    public void forEach(Selection selection, Predicate<StoredDeadLetter> reader) throws JobSetupException {
        try {
            readAll(selection, reader);
        } catch (KafkaException e) {
            throw new JobSetupException(List.of("Could not read the dead letters to their end: " + e.getMessage()
                    + ". Repeat the command when the brokers answer."));
        }
    }

    private void readAll(Selection selection, Predicate<StoredDeadLetter> reader) {
        unreadable = 0;
        Instant from = selection.from();
        letters.readAll(from == null ? Long.MIN_VALUE : from.toEpochMilli(), record -> {
            StoredDeadLetter letter = read(record);
            return letter == null || !selection.takes(letter) || reader.test(letter);
        });
    }

    private @Nullable StoredDeadLetter read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return StoredDeadLetter.read(record.timestamp(), record.value() == null ? new byte[0] : record.value());
        } catch (IOException e) {
            unreadable++;
            return null;
        }
    }

    /** How many records of the topic were no dead letters when it was last read. */
    public long unreadable() {
        return unreadable;
    }

    /** The letter with the whole value of its record if the letter or the source's topic still has it; else the letter itself. */
    public StoredDeadLetter completed(StoredDeadLetter letter) {
        if (letter.isWhole() || letter.isTombstone()) {
            return letter;
        }
        ConsumerRecord<byte[], byte[]> original = originals.of(List.of(letter)).get(letter.position());
        return original == null ? letter : letter.whole(original.value());
    }

    /** The letters' records as the source's topic has them, by the letters' positions; those that are not retained are missing. */
    Map<String, ConsumerRecord<byte[], byte[]>> originals(List<StoredDeadLetter> of) {
        return originals.of(of);
    }

    /**
     * Hands over letters as {@link #forEach} does, several at once, but not more than memory holds easily.
     *
     * @throws KafkaException if the brokers stop answering
     */
    void forEachBatch(
            Selection selection, Predicate<StoredDeadLetter> wanted, long limit, Consumer<List<StoredDeadLetter>> to) {
        List<StoredDeadLetter> batch = new ArrayList<>();
        long[] counts = new long[2]; // Letters in all, and bytes in the batch.
        readAll(selection, letter -> {
            if (wanted.test(letter)) {
                batch.add(letter);
                counts[0]++;
                counts[1] += letter.size() == null ? 0 : letter.size();
            }
            if (batch.size() >= BATCH || counts[1] >= BATCH_BYTES || counts[0] == limit) {
                to.accept(List.copyOf(batch));
                batch.clear();
                counts[1] = 0;
            }
            return counts[0] < limit;
        });
        if (!batch.isEmpty()) {
            to.accept(batch);
        }
    }

    @Override
    public void close() {
        letters.close();
        originals.close();
    }
}
