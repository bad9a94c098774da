package dev.tidemark.jobs.takeover;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.ConsumerGroups;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How far the job of a view has come towards the end that its source's topic had at some moment. What counts are the offsets
 * that the job commits after each checkpoint: the rows of every record before them are online, and those that are settled are on their
 * way to the history.
 */
public final class JobProgress implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final FeatureView view;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> begins;
    private final Map<TopicPartition, Long> ends;

    private JobProgress(FeatureView view, Admin admin, KafkaConsumer<byte[], byte[]> consumer) {
        this.view = view;
        this.admin = admin;
        this.consumer = consumer;
        List<PartitionInfo> found = consumer.partitionsFor(view.source().topic());
        List<TopicPartition> partitions = found == null
                ? List.of()
                : found.stream().map(JobProgress::partition).toList();
        this.begins = Map.copyOf(consumer.beginningOffsets(partitions));
        this.ends = Map.copyOf(consumer.endOffsets(partitions));
    }

    /**
     * Looks where the topic ends now, and where its jobs are from then on.
     *
     * @throws JobSetupException if the brokers do not answer or do not let us see that
     */
    public static JobProgress open(String bootstrap, FeatureView view) throws JobSetupException {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        Properties reading = new Properties();
        reading.putAll(settings);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"); // As the job reads.
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        Admin admin = null;
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            admin = Admin.create(settings);
            consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            return new JobProgress(view, admin, consumer);
        } catch (KafkaException e) {
            if (admin != null) {
                admin.close();
            }
            if (consumer != null) {
                consumer.close();
            }
            throw unreadable(view, e);
        }
    }

    /**
     * Where a job is.
     *
     * @param views the ids of all views that the job computes from the source; empty if no job of the view has taken a checkpoint yet
     * @param done how many offsets it has behind it, up to the end
     * @param total how many there are up to the end
     * @param caughtUp whether no record is left before the end
     */
    public record State(List<String> views, long done, long total, boolean caughtUp) {
        /** How many offsets are left before the end. */
        public long behind() {
            return total - done;
        }
    }

    /**
     * Looks where the job is now. Of several jobs that computed the view one after the other, the one counts that came furthest.
     *
     * @throws JobSetupException if the brokers do not answer or do not let us see that
     * @throws InterruptedException if the thread is interrupted
     */
    public State look() throws JobSetupException, InterruptedException {
        try {
            List<String> views = List.of();
            Map<TopicPartition, Long> furthest = Map.of();
            for (GroupListing group : admin.listGroups().all().get()) {
                List<String> computed = ConsumerGroups.views(group.groupId());
                if (computed.contains(view.id())) {
                    Map<TopicPartition, Long> positions = positions(group.groupId());
                    if (!positions.isEmpty() && sum(positions) > sum(furthest)) {
                        views = computed;
                        furthest = positions;
                    }
                }
            }
            return state(views, furthest);
        } catch (ExecutionException e) {
            throw unreadable(view, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw unreadable(view, e);
        }
    }

    /** What a group has committed of the topic; empty if it never did. */
    private Map<TopicPartition, Long> positions(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        committed.forEach((partition, offset) -> {
            if (ends.containsKey(partition) && offset != null) {
                positions.put(partition, offset.offset());
            }
        });
        return positions;
    }

    private State state(List<String> views, Map<TopicPartition, Long> positions) {
        long done = 0;
        long total = 0;
        boolean caughtUp = !views.isEmpty() || begins.equals(ends);
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long begin = begins.getOrDefault(end.getKey(), 0L);
            long committed = positions.getOrDefault(end.getKey(), begin);
            long position = Math.min(end.getValue(), Math.max(begin, committed));
            caughtUp = caughtUp && isEmpty(end.getKey(), position, end.getValue());
            done += position - begin;
            total += end.getValue() - begin;
        }
        return new State(views, caughtUp ? total : done, total, caughtUp);
    }

    /** Whether there is no record between two offsets: those of a transaction's end, and of what was taken back, hold none. */
    private boolean isEmpty(TopicPartition partition, long from, long to) {
        if (from >= to) {
            return true;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        for (long position = from; position < to; ) {
            List<ConsumerRecord<byte[], byte[]>> found = consumer.poll(POLL).records(partition);
            if (!found.isEmpty()) {
                return found.get(0).offset() >= to;
            }
            long reached = consumer.position(partition);
            if (reached == position) {
                // Nothing came; the next look tells whether it does, or that the brokers are gone.
                return false;
            }
            position = reached;
        }
        return true;
    }

    private static long sum(Map<TopicPartition, Long> positions) {
        return positions.values().stream().mapToLong(Long::longValue).sum();
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private static JobSetupException unreadable(FeatureView view, Throwable reason) {
        return new JobSetupException(List.of("Could not find out how far the job of " + view.id()
                + " has read the topic " + view.source().topic() + ": " + reason.getMessage()));
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
