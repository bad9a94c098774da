package dev.tidemark.jobs.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.jobs.record.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as a JSON object: {@code topic}, {@code partition} and {@code offset} of the record, its {@code event_time} in epoch
 * milliseconds or null, {@code reason}, {@code detail}, the {@code size} of its value in bytes, and its {@code bytes} in base64. The last two are
 * null if there is no value; of a very long value only the beginning is repeated.
 */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<DeadLetter> {
    private static final long serialVersionUID = 1L;
    /** In base64, and with all else, this is less than the megabyte that Kafka takes unless told otherwise. */
    static final int MOST_BYTES = 700_000;

    private static final JsonFactory JSON = new JsonFactory();

    private final String topic;

    /** Letters for a topic of dead letters. */
    public DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        // Letters of one partition stay in its order, so that their records are put back in it and are not late to each
        // other.
        byte[] key = Integer.toString(letter.partition()).getBytes(StandardCharsets.US_ASCII);
        return new ProducerRecord<>(topic, key, json(letter));
    }

    static byte[] json(DeadLetter letter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("topic", letter.topic());
            json.writeNumberField("partition", letter.partition());
            json.writeNumberField("offset", letter.offset());
            json.writeFieldName("event_time");
            if (letter.eventTime() == null) {
                json.writeNull();
            } else {
                json.writeNumber(letter.eventTime());
            }
            json.writeStringField("reason", letter.refusal().reason().spelling());
            json.writeStringField("detail", letter.refusal().detail());
            writeBytes(json, letter.bytes());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeBytes(JsonGenerator json, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField("size");
            json.writeNullField("bytes");
        } else {
            json.writeNumberField("size", bytes.length);
            json.writeFieldName("bytes");
            json.writeBinary(bytes, 0, Math.min(bytes.length, MOST_BYTES));
        }
    }
}
