package dev.tidemark.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics through a broker's admin interface. */
final class Topics {
    private static final int TIMEOUT_SECONDS = 30;

    private Topics() {}

    static void create(String bootstrap, String name, int partitions) {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
        try (Admin admin = Admin.create(config)) {
            create(admin, name, partitions);
        } catch (ExecutionException e) {
            throw failure(name, partitions, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failure(name, partitions, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(name, partitions, e);
        }
    }

    private static void create(Admin admin, String name, int partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            int existing = partitions(await(admin.describeTopics(List.of(name)).allTopicNames()));
            if (existing != partitions) {
                throw new IllegalArgumentException(
                        "Topic '%s' exists already with %s partitions, not %s. Choose another name."
                                .formatted(name, existing, partitions));
            }
        }
    }

    private static int partitions(Map<String, TopicDescription> single) {
        return single.values().iterator().next().partitions().size();
    }

    private static <T> T await(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static RuntimeException failure(String name, int partitions, Throwable cause) {
        String what = "Cannot create topic '%s' with %s partitions: %s".formatted(name, partitions, cause.getMessage());
        return cause instanceof InvalidTopicException || cause instanceof InvalidPartitionsException
                ? new IllegalArgumentException(what, cause)
                : new SandboxException(what, cause);
    }
}
