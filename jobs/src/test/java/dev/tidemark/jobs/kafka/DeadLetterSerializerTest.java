package dev.tidemark.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeadLetterSerializerTest {
    private static final Refusal REFUSAL = new Refusal(RefusalReason.WRONG_TYPE, "Column \"a\"\n");

    @Test
    void tellsWhereWhyAndWhat() throws IOException {
        JsonNode json = json(new DeadLetter("t", 1, 2, 3L, REFUSAL, new byte[] {1, 2, 3}));

        assertThat(json.toString())
                .isEqualTo("{\"topic\":\"t\",\"partition\":1,\"offset\":2,\"event_time\":3,\"reason\":\"wrong_type\","
                        + "\"detail\":\"Column \\\"a\\\"\\n\",\"size\":3,\"bytes\":\"AQID\"}");
    }

    @Test
    void knowsTombstones() throws IOException {
        JsonNode json = json(new DeadLetter("t", 1, 2, null, REFUSAL, null));

        assertThat(json.get("event_time").isNull()).isTrue();
        assertThat(json.get("size").isNull()).isTrue();
        assertThat(json.get("bytes").isNull()).isTrue();
    }

    @Test
    void staysBelowWhatKafkaTakesHoweverLongTheRecordIs() throws IOException {
        byte[] bytes = new byte[1_000_000];
        DeadLetter letter = new DeadLetter("t", 1, 2, null, REFUSAL, bytes);

        assertThat(DeadLetterSerializer.json(letter)).hasSizeLessThan(1_000_000);
        assertThat(json(letter).get("size").asInt()).isEqualTo(bytes.length);
        assertThat(json(letter).get("bytes").binaryValue()).hasSize(DeadLetterSerializer.MOST_BYTES);
    }

    /** The broker's order holds within a partition of the letters' topic only, and a key decides on that. */
    @Test
    void keepsTheLettersOfOnePartitionTogether() {
        DeadLetterSerializer serializer = new DeadLetterSerializer("letters");
        byte[] key = serializer
                .serialize(new DeadLetter("t", 12, 2, null, REFUSAL, null), null, null)
                .key();

        assertThat(key).asString().isEqualTo("12");
    }

    private static JsonNode json(DeadLetter letter) throws IOException {
        return new ObjectMapper().readTree(DeadLetterSerializer.json(letter));
    }
}
