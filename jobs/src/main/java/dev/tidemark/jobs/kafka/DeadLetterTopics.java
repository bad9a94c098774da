package dev.tidemark.jobs.kafka;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.DeadLetter;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/** The topics of refused records, one beside each source's topic. */
public final class DeadLetterTopics {
    private static final String SUFFIX = ".dead-letters";

    private DeadLetterTopics() {}

    /** The topic that takes the refused records of a source's topic. */
    public static String of(String topic) {
        return topic + SUFFIX;
    }

    /** Writes refused records to their topic, at least once; see {@link DeadLetterSerializer} for their form. */
    public static Sink<DeadLetter> sink(String bootstrap, Source source) {
        Properties settings = new Properties();
        settings.setProperty("register.producer.metrics", "false");
        return KafkaSink.<DeadLetter>builder()
                .setBootstrapServers(bootstrap)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setKafkaProducerConfig(settings)
                .setRecordSerializer(new DeadLetterSerializer(of(source.topic())))
                .build();
    }
}
