package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records that were refused, from their source's topic, as far as it still retains them. */
final class OriginalRecords implements AutoCloseable {
    /** Reading on over so many records costs less than going to the next one by itself. */
    private static final int NEAR = 500;

    private final String topic;
    private final LogReader log;

    OriginalRecords(String topic, LogReader log) {
        this.topic = topic;
        this.log = log;
    }

    /** @throws JobSetupException if the topic cannot be read */
    static OriginalRecords open(String bootstrap, String topic) throws JobSetupException {
        return new OriginalRecords(topic, LogReader.open(bootstrap, topic));
    }

    /**
     * The records of letters, by the letters' positions. One that is not retained is missing, and so is one whose value is not that of the
     * letter, which happens when the topic was deleted and made anew.
     */
    Map<String, ConsumerRecord<byte[], byte[]>> of(Collection<StoredDeadLetter> letters) {
        Map<Integer, TreeMap<Long, StoredDeadLetter>> wanted = new TreeMap<>();
        for (StoredDeadLetter letter : letters) {
            wanted.computeIfAbsent(letter.partition(), unseen -> new TreeMap<>())
                    .put(letter.offset(), letter);
        }
        Map<String, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        wanted.forEach((partition, byOffset) -> {
            for (List<StoredDeadLetter> run : runs(byOffset, log.beginning(new TopicPartition(topic, partition)))) {
                read(run, byOffset, found);
            }
        });
        return found;
    }

    /** Letters in the order of their offsets, those that are near each other together. */
    private static List<List<StoredDeadLetter>> runs(TreeMap<Long, StoredDeadLetter> letters, long from) {
        List<List<StoredDeadLetter>> runs = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (StoredDeadLetter letter : letters.tailMap(from).values()) {
            if (runs.isEmpty() || letter.offset() - last > NEAR) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(letter);
            last = letter.offset();
        }
        return runs;
    }

    private void read(
            List<StoredDeadLetter> run,
            Map<Long, StoredDeadLetter> wanted,
            Map<String, ConsumerRecord<byte[], byte[]>> found) {
        StoredDeadLetter first = run.get(0);
        long last = run.get(run.size() - 1).offset();
        log.read(new TopicPartition(topic, first.partition()), first.offset(), last, record -> {
            StoredDeadLetter letter = wanted.get(record.offset());
            if (letter != null && isOf(letter, record.value())) {
                found.put(letter.position(), record);
            }
            return record.offset() < last;
        });
    }

    private static boolean isOf(StoredDeadLetter letter, byte @Nullable [] value) {
        byte[] known = letter.bytes();
        Integer size = letter.size();
        if (value == null || known == null || size == null) {
            return value != null;
        }
        return value.length == size && Arrays.equals(value, 0, known.length, known, 0, known.length);
    }

    @Override
    public void close() {
        log.close();
    }
}
