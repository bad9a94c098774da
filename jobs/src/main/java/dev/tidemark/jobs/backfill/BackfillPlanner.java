package dev.tidemark.jobs.backfill;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks at the log of a view's source and fixes the offsets that a backfill covers. */
public final class BackfillPlanner {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String bootstrap;
    private final FeatureView view;
    private final String topic;

    /** @param bootstrap one or more {@code host:port}, separated by commas */
    public BackfillPlanner(String bootstrap, FeatureView view) {
        this.bootstrap = bootstrap;
        this.view = view;
        this.topic = view.source().topic();
    }

    /**
     * Plans a backfill that ends, at the latest, where the log ends now, and takes the events of a job that computes nothing but the view.
     *
     * @throws JobSetupException if the topic does not exist, the brokers do not answer, or the range does not fit the log; it lists every problem
     */
    public BackfillPlan plan(BackfillRange range) throws JobSetupException {
        range.check();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Log log = look(consumer);
            Map<TopicPartition, Long> starts = offsets(range.from(), log, log.begins(), "--from");
            Map<TopicPartition, Long> ends = offsets(range.to(), log, log.ends(), "--to");
            starts.forEach((partition, start) -> {
                if (start > value(ends, partition)) {
                    log.problems().add("--from is behind --to in " + partition + ".");
                }
            });
            if (!log.problems().isEmpty()) {
                throw new JobSetupException(log.problems());
            }
            return range.plan(view, parts(log, starts, ends));
        } catch (KafkaException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        }
    }

    private record Log(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, List<String> problems) {}

    private Log look(KafkaConsumer<byte[], byte[]> consumer) throws JobSetupException {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found.isEmpty()) {
            throw new JobSetupException(List.of("The topic " + topic + " does not exist at " + bootstrap
                    + ". Correct --kafka, or the source that names it."));
        }
        List<TopicPartition> partitions = found.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        return new Log(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions), new ArrayList<>());
    }

    /** The offsets that were asked for, or else the given ones. */
    private Map<TopicPartition, Long> offsets(
            LogBound bound, Log log, Map<TopicPartition, Long> otherwise, String option) {
        if (!(bound instanceof LogBound.Offsets wanted)) {
            return otherwise;
        }
        if (!wanted.topic().equals(topic)) {
            log.problems()
                    .add(option + " names the topic " + wanted.topic() + ", but view " + view.id() + " reads " + topic
                            + ".");
            return otherwise;
        }
        Map<TopicPartition, Long> offsets = new TreeMap<>(BackfillPlanner::byNumber);
        wanted.byPartition().forEach((number, offset) -> offsets.put(new TopicPartition(topic, number), offset));
        if (!offsets.keySet().equals(log.begins().keySet())) {
            log.problems()
                    .add(option + " must give an offset for each partition of " + topic + ", which are "
                            + numbers(log.begins()) + ", and no others.");
            return otherwise;
        }
        offsets.forEach((partition, offset) -> {
            long begin = value(log.begins(), partition);
            long end = value(log.ends(), partition);
            if (offset < begin || offset > end) {
                log.problems()
                        .add(option + ": " + partition + " has offsets from " + begin + " to " + end + ", not " + offset
                                + ".");
            }
        });
        return offsets;
    }

    private static List<BackfillPlan.Part> parts(
            Log log, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        return log.begins().keySet().stream()
                .sorted(BackfillPlanner::byNumber)
                .map(partition -> new BackfillPlan.Part(
                        partition.partition(),
                        value(log.begins(), partition),
                        value(starts, partition),
                        value(ends, partition),
                        value(ends, partition) == value(log.ends(), partition)))
                .toList();
    }

    private static int byNumber(TopicPartition one, TopicPartition other) {
        return Integer.compare(one.partition(), other.partition());
    }

    private static long value(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }

    private static String numbers(Map<TopicPartition, Long> partitions) {
        return partitions.keySet().stream()
                .map(TopicPartition::partition)
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    private JobSetupException unreachable(String reason) {
        return new JobSetupException(
                List.of("Could not look at the topic " + topic + " of Kafka at " + bootstrap + ": " + reason));
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"); // As the job reads.
        settings.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.setProperty(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "" + TIMEOUT.toMillis());
        return settings;
    }
}
