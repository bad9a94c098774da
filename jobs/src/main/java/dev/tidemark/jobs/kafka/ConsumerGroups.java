package dev.tidemark.jobs.kafka;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Under which consumer group a job commits the offsets of a source. The name lists the views that the job computes from the source:
 * a job for another view, such as the next version of one, does not begin where this one stopped, and each one's progress can
 * be looked up.
 */
public final class ConsumerGroups {
    private static final String PREFIX = "tidemark:";

    private ConsumerGroups() {}

    /** The group of a job that computes these views from one source, for example {@code tidemark:card_activity@1,card_days@2}. */
    public static String of(List<FeatureView> views) {
        return views.stream().map(FeatureView::id).sorted().collect(Collectors.joining(",", PREFIX, ""));
    }

    /**
     * The jobs that have read a topic, each as the ids of its views. One that has ended is among them until the brokers forget its
     * offsets.
     *
     * @throws JobSetupException if the brokers do not answer or do not let us see that
     */
    public static List<List<String>> reading(String bootstrap, String topic) throws JobSetupException {
        try (Admin admin = LogReader.admin(bootstrap)) {
            Map<String, ListConsumerGroupOffsetsSpec> groups = new TreeMap<>();
            for (GroupListing group : admin.listGroups().all().get()) {
                if (!views(group.groupId()).isEmpty()) {
                    groups.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
                }
            }
            if (groups.isEmpty()) {
                return List.of();
            }
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
                    admin.listConsumerGroupOffsets(groups).all().get();
            return groups.keySet().stream()
                    .filter(group -> committed.getOrDefault(group, Map.of()).keySet().stream()
                            .anyMatch(partition -> partition.topic().equals(topic)))
                    .map(ConsumerGroups::views)
                    .toList();
        } catch (KafkaException | ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new JobSetupException(List.of("Could not find out which jobs read the topic " + topic
                    + " of Kafka at " + bootstrap + ": " + cause.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobSetupException(List.of("Interrupted while looking for the jobs that read " + topic + "."));
        }
    }

    /** The ids of the views in a group's name; empty if it is not the group of a job. */
    public static List<String> views(String group) {
        return group.startsWith(PREFIX)
                ? List.of(group.substring(PREFIX.length()).split(","))
                : List.of();
    }
}
