package dev.tidemark.jobs.kafka;

import dev.tidemark.jobs.JobSetupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Looks at the topics of a job's sources before the job starts, and creates those of its dead letters. */
public final class KafkaTopics {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Dead letters have no keys, so a compacted topic would refuse them, and they are longer than the records they quote. */
    private static final Set<String> NOT_COPIED = Set.of("cleanup.policy", "max.message.bytes");

    private final String bootstrap;

    public KafkaTopics(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * Makes sure that the topics of sources exist, and changes nothing.
     *
     * @throws JobSetupException if a topic does not exist, or the brokers do not answer or refuse
     */
    public void check(Collection<String> topics) throws JobSetupException {
        try (Admin admin = admin()) {
            describe(admin, topics);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /**
     * Makes sure that the topics of sources exist and that each has a topic of dead letters, which gets as many partitions and
     * copies and the same settings if it is new.
     *
     * @return how many partitions each topic has
     * @throws JobSetupException if a topic does not exist, or the brokers do not answer or refuse
     */
    public Map<String, Integer> prepare(Collection<String> topics) throws JobSetupException {
        try (Admin admin = admin()) {
            Map<String, TopicDescription> found = describe(admin, topics);
            createDeadLetterTopics(admin, found.values());
            Map<String, Integer> partitions = new HashMap<>();
            found.forEach(
                    (name, topic) -> partitions.put(name, topic.partitions().size()));
            return partitions;
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /**
     * How far a topic was read under a consumer group.
     *
     * @return the next offset of each partition of which anything was read
     * @throws JobSetupException if the brokers do not answer or refuse
     */
    public SortedMap<Integer, Long> committed(String topic, String group) throws JobSetupException {
        SortedMap<Integer, Long> committed = new TreeMap<>();
        try (Admin admin = admin()) {
            get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, position) -> {
                        if (partition.topic().equals(topic) && position != null && position.offset() > 0) {
                            committed.put(partition.partition(), position.offset());
                        }
                    });
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (KafkaException e) {
            throw unreachable(e);
        }
        return committed;
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) TIMEOUT.toMillis()));
    }

    private Map<String, TopicDescription> describe(Admin admin, Collection<String> names) throws JobSetupException {
        DescribeTopicsResult result = admin.describeTopics(Set.copyOf(names));
        Map<String, TopicDescription> found = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                new TreeMap<>(result.topicNameValues()).entrySet()) {
            try {
                found.put(topic.getKey(), get(topic.getValue()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw unreachable(e.getCause());
                }
                problems.add("The topic " + topic.getKey() + " does not exist at " + bootstrap
                        + ". Create it, or correct the source that names it.");
            }
        }
        if (!problems.isEmpty()) {
            throw new JobSetupException(problems);
        }
        return found;
    }

    private void createDeadLetterTopics(Admin admin, Collection<TopicDescription> topics) throws JobSetupException {
        try {
            Set<String> existing = get(admin.listTopics().names());
            List<NewTopic> missing = new ArrayList<>();
            for (TopicDescription topic : topics) {
                if (!existing.contains(DeadLetterTopics.of(topic.name()))) {
                    missing.add(likeSource(admin, topic));
                }
            }
            get(admin.createTopics(missing).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw unreachable(e.getCause());
            }
        }
    }

    private NewTopic likeSource(Admin admin, TopicDescription topic) throws ExecutionException, JobSetupException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Map<String, String> settings = get(
                        admin.describeConfigs(List.of(resource)).all())
                .values()
                .stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .filter(entry -> !NOT_COPIED.contains(entry.name()))
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        short copies = (short) topic.partitions().get(0).replicas().size();
        return new NewTopic(
                        DeadLetterTopics.of(topic.name()),
                        Optional.of(topic.partitions().size()),
                        Optional.of(copies))
                .configs(settings);
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, JobSetupException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobSetupException(List.of("Interrupted while asking Kafka for its topics."));
        }
    }

    private JobSetupException unreachable(@Nullable Throwable cause) {
        return new JobSetupException(List.of("Could not look at the topics of Kafka at " + bootstrap + ": "
                + (cause == null ? "no reason given" : cause.getMessage())));
    }
}
