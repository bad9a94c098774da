package dev.tidemark.jobs.kafka;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads records as soon as they come out of Kafka, because the source must know their event times for the watermarks of its partitions.
 */
final class RecordDeserializer implements KafkaRecordDeserializationSchema<SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final Source source;
    private final List<FeatureView> views;

    // Flink calls open before everything else.
    @SuppressWarnings("NullAway.Init")
    private transient EventReader reader;

    RecordDeserializer(Source source, List<FeatureView> views) {
        this.source = source;
        this.views = List.copyOf(views);
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader = new EventReader(source, views);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SourceRecord> out) {
        long producedAt = Math.max(0, record.timestamp());
        out.collect(reader.read(record.partition(), record.offset(), producedAt, record.value()));
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return SourceRecord.TYPE;
    }
}
