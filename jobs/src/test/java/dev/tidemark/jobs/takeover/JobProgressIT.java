package dev.tidemark.jobs.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.kafka.ConsumerGroups;
import dev.tidemark.sandbox.Sandbox;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Progress by the offsets that jobs commit, on a real broker. */
class JobProgressIT {
    private static Sandbox sandbox;
    private static String kafka;
    private static Admin admin;

    private String topic;
    private FeatureView cards;
    private FeatureView merchants;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
        kafka = sandbox.kafkaBootstrap();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka));
    }

    @AfterAll
    static void stop() {
        admin.close();
        sandbox.close();
    }

    @BeforeEach
    void define(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        sandbox.createTopic(topic, 2);
        cards = TestViews.byCard(TestViews.payments(topic));
        merchants = TestViews.byMerchant(TestViews.payments(topic));
    }

    @Test
    void aJobHasCaughtUpWhenItHasCommittedTheEndOfEachPartition() throws Exception {
        publish(0, 3, null);
        publish(1, 2, null);
        try (JobProgress progress = JobProgress.open(kafka, cards)) {
            assertThat(progress.look()).isEqualTo(new JobProgress.State(List.of(), 0, 5, false));
            // That of another view of the source does not count.
            commit(List.of(merchants), Map.of(0, 3L, 1, 2L));
            assertThat(progress.look().views()).isEmpty();

            commit(List.of(cards), Map.of(0, 3L));
            assertThat(progress.look()).isEqualTo(new JobProgress.State(List.of(cards.id()), 3, 5, false));
            publish(0, 1, null);
            commit(List.of(merchants, cards), Map.of(0, 4L, 1, 2L));
            assertThat(progress.look())
                    .isEqualTo(new JobProgress.State(List.of(cards.id(), merchants.id()), 5, 5, true));
        }
        try (JobProgress later = JobProgress.open(kafka, cards)) {
            assertThat(later.look().caughtUp()).isTrue();
            assertThat(later.look().total()).isEqualTo(6);
        }
    }

    @Test
    void theMarksOfTransactionsAreNoRecordsToWaitFor() throws Exception {
        publish(0, 2, "mark-" + topic);
        commit(List.of(cards), Map.of(0, 2L));
        try (JobProgress progress = JobProgress.open(kafka, cards)) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(progress.look())
                    .isEqualTo(new JobProgress.State(List.of(cards.id()), 3, 3, true)));
        }
        publish(0, 1, "mark-" + topic);
        try (JobProgress progress = JobProgress.open(kafka, cards)) {
            assertThat(progress.look()).isEqualTo(new JobProgress.State(List.of(cards.id()), 2, 5, false));
        }
    }

    private void commit(List<FeatureView> views, Map<Integer, Long> offsets) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) ->
                positions.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        admin.alterConsumerGroupOffsets(ConsumerGroups.of(views), positions)
                .all()
                .get();
    }

    private void publish(int partition, int records, String transaction) {
        Map<String, Object> settings = new HashMap<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka));
        if (transaction != null) {
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transaction);
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            if (transaction != null) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {'x'}));
            }
            if (transaction != null) {
                producer.commitTransaction();
            }
        }
    }
}
