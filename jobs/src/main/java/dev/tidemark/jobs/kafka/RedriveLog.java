package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Which refused records of a source's topic were put back into it, and where they are now: a compacted topic beside it, whose
 * keys are the positions of the refused records and whose values are the new positions, both as {@code partition:offset}.
 */
public final class RedriveLog {
    private static final String SUFFIX = ".redriven";

    private final PositionSet redriven = new PositionSet();
    private final PositionSet results = new PositionSet();

    private RedriveLog() {}

    /** The topic that says so of a source's topic. */
    static String of(String topic) {
        return topic + SUFFIX;
    }

    /**
     * Reads the log; it is empty if nothing was ever put back.
     *
     * @throws JobSetupException if it cannot be read
     */
    public static RedriveLog read(String bootstrap, String topic) throws JobSetupException {
        RedriveLog log = new RedriveLog();
        if (LogReader.topics(bootstrap).contains(of(topic))) {
            try (LogReader reader = LogReader.open(bootstrap, of(topic))) {
                reader.readAll(Long.MIN_VALUE, record -> {
                    add(record.key(), log.redriven);
                    add(record.value(), log.results);
                    return true;
                });
            } catch (KafkaException e) {
                throw new JobSetupException(List.of(
                        "Could not read the topic " + of(topic) + " of Kafka at " + bootstrap + ": " + e.getMessage()));
            }
        }
        return log;
    }

    /**
     * Makes the topic if there is none.
     *
     * @throws JobSetupException if it cannot be made
     */
    static void create(String bootstrap, String topic) throws JobSetupException {
        try (Admin admin = LogReader.admin(bootstrap)) {
            TopicDescription source =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            short copies = (short)
                    (source == null ? 1 : source.partitions().get(0).replicas().size());
            NewTopic log = new NewTopic(of(topic), Optional.of(1), Optional.of(copies))
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            admin.createTopics(List.of(log)).all().get();
        } catch (KafkaException | ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new JobSetupException(
                        List.of("Could not make the topic " + of(topic) + " at " + bootstrap + ": " + e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobSetupException(List.of("Interrupted while making the topic " + of(topic) + "."));
        }
    }

    /** Whether the letter's record was put back. */
    public boolean wasRedriven(StoredDeadLetter letter) {
        return redriven.contains(letter.partition(), letter.offset());
    }

    /** Whether the letter's record is one that was put back, and refused again. */
    public boolean isResult(StoredDeadLetter letter) {
        return results.contains(letter.partition(), letter.offset());
    }

    static ProducerRecord<byte[], byte[]> entry(String topic, String from, int partition, long offset) {
        return new ProducerRecord<>(
                of(topic),
                from.getBytes(StandardCharsets.UTF_8),
                (partition + ":" + offset).getBytes(StandardCharsets.UTF_8));
    }

    private static void add(byte[] position, PositionSet to) {
        String text = new String(position, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        to.add(Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }
}
