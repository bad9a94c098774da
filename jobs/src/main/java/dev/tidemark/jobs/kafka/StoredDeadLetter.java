package dev.tidemark.jobs.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as its topic holds it; {@link DeadLetterSerializer} says what is written.
 *
 * @param partition of the refused record in the source's topic
 * @param offset of the refused record in its partition
 * @param refusedAt when the letter was written, epoch milliseconds by the log's clock
 * @param eventTime epoch milliseconds; null if the record has no readable event time
 * @param reason as {@link RefusalReason#spelling} spells it; another if a later release wrote it
 * @param size of the record's value in bytes; null if it had no value, or if the bytes had not come along
 * @param bytes the record's value, or the beginning of it; null if {@code size} is. Not to be changed
 */
public record StoredDeadLetter(
        int partition,
        long offset,
        long refusedAt,
        @Nullable Long eventTime,
        String reason,
        String detail,
        @Nullable Integer size,
        byte @Nullable [] bytes) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Whether {@link #bytes} are the whole value. */
    public boolean isWhole() {
        return bytes != null && size != null && bytes.length == size;
    }

    /** Whether the record had no value: nothing is missing here, and there is nothing to read either. */
    public boolean isTombstone() {
        return bytes == null && !reason.equals(RefusalReason.BEHIND_SETTLED.spelling());
    }

    /** The position as {@code partition:offset}. */
    public String position() {
        return partition + ":" + offset;
    }

    /** This letter with the whole value. */
    StoredDeadLetter whole(byte[] value) {
        return new StoredDeadLetter(partition, offset, refusedAt, eventTime, reason, detail, value.length, value);
    }

    /** @throws IOException if the text is no dead letter */
    static StoredDeadLetter read(long refusedAt, byte[] json) throws IOException {
        Fields fields = new Fields();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("A dead letter is a JSON object.");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL || !fields.take(name, parser)) {
                    parser.skipChildren();
                }
            }
        }
        return fields.letter(refusedAt);
    }

    private static final class Fields {
        private @Nullable Integer partition;
        private @Nullable Long offset;
        private @Nullable Long eventTime;
        private @Nullable String reason;
        private String detail = "";
        private @Nullable Integer size;
        private byte @Nullable [] bytes;

        boolean take(String name, JsonParser value) throws IOException {
            switch (name) {
                case "partition" -> partition = value.getIntValue();
                case "offset" -> offset = value.getLongValue();
                case "event_time" -> eventTime = value.getLongValue();
                case "reason" -> reason = value.getText();
                case "detail" -> detail = value.getText();
                case "size" -> size = value.getIntValue();
                case "bytes" -> bytes = value.getBinaryValue();
                default -> {
                    return false;
                }
            }
            return true;
        }

        StoredDeadLetter letter(long refusedAt) throws IOException {
            if (partition == null || offset == null || reason == null) {
                throw new IOException("A dead letter has partition, offset and reason.");
            }
            return new StoredDeadLetter(partition, offset, refusedAt, eventTime, reason, detail, size, bytes);
        }
    }
}
